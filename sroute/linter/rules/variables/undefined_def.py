"""PV021."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.nearest import did_you_mean


class UndefinedDef(ScriptRule):
    """`$def(NAME)` asks for a name that is not defined.

    It is null, and `$defn(NAME)` is 0.
    """

    code = "PV021"
    bad = (Bad("#!define HOST example.com\n$var(x) = $def(HOTS);", ("$def(HOTS)",)),)
    good = ("#!define HOST example.com\n$var(x) = $def(HOST);",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Names that the preprocessor does not know at the end of the script."""
        if subject.circumstances.fragment:
            return
        defines = subject.program.script.defines
        for use in subject.uses:
            name = use.pv.spec.inner
            if use.pv.variable.name in ("def", "defn") and name and "$" not in name and name not in defines:
                value = "null" if use.pv.variable.name == "def" else "0"
                yield Found(use.span, f"{name} is not defined: this is {value}", did_you_mean(name, defines))
