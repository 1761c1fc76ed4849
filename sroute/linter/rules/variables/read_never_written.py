"""PV012."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.resolve.usage import Use, parameter_names
from sroute.source.nearest import did_you_mean

CLASSES = frozenset(["var", "vn", "vz", "avp", "shv"])
LANGUAGES = frozenset(["app_lua", "app_python3", "app_python3s", "app_ruby", "app_perl", "app_jsdt", "app_sqlang", "app_mono"])
BY_MODULES = {
    "ims_icscf": ("uaa_return_code", "lia_return_code"),
    "ims_auth": ("maa_return_code",),
    "ims_registrar_scscf": ("saa_return_code",),
    "ims_charging": ("cca_return_code", "cca_result_code"),
    "ims_qos": ("aaa_return_code",),
}
"""AVPs that modules write under names of their own."""
Name = tuple[str, str]


class ReadNeverWritten(ScriptRule):
    """A variable is read and never written, or written and never read.

    Mostly a name is misspelt in one place. A `$var` that nobody sets is 0, an `$avp` is null. (What is written and never read is a
    remark only; parameters of modules count as both.)
    """

    code = "PV012"
    bad = (
        Bad('$var(callee) = $rU;\nif ($var(calee) == "bob") { exit; }', ("$var(callee)", "$var(calee)")),
        Bad('xlog("L_INFO", "$avp(nobody)\\n");', ('"$avp(nobody)\\n"',)),
    )
    good = (
        '$var(callee) = $rU;\nif ($var(callee) == "bob") { exit; }',
        'sql_pvquery("ca", "select a from t", "$avp(a)");\nif ($avp(a) == 1) { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Names with one kind of use only."""
        if subject.circumstances.fragment or subject.circumstances.broken or subject.loaded & LANGUAGES:
            return
        reads, writes, computed = _sorted(subject)
        given = parameter_names(subject.program) | {
            ("avp", name) for module, names in BY_MODULES.items() if module in subject.loaded for name in names
        }
        for name, use in {**writes, **reads}.items():
            if name[0] in computed or name in given or (name in reads and name in writes):
                continue
            shown = use.pv.spec.text
            if name in reads:
                known = [other for kind, other in writes if kind == name[0]]
                yield Found(use.span, f"{shown} is read and never written", did_you_mean(name[1], known))
            else:
                yield Found(use.span, f"{shown} is written and never read", None, severity="info")


def _sorted(subject: Subject) -> tuple[dict[Name, Use], dict[Name, Use], set[str]]:
    """The first read and the first write of each name, and the classes in which names are computed."""
    reads: dict[Name, Use] = {}
    writes: dict[Name, Use] = {}
    computed: set[str] = set()
    for use in subject.uses:
        spec = use.pv.spec
        if use.pv.variable.name not in CLASSES or spec.name != use.pv.variable.name:
            continue
        if spec.inner is None or "$" in spec.inner:
            computed.add(use.pv.variable.name)
            continue
        name = (use.pv.variable.name, spec.inner.removeprefix("s:"))
        if use.access != "write":
            reads.setdefault(name, use)
        if use.access != "read":
            writes.setdefault(name, use)
    return reads, writes, computed
