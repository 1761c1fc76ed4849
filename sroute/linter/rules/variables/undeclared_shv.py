"""PV023."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class UndeclaredShv(ScriptRule):
    """A shared variable is used without being declared.

    It works, and begins with 0. `modparam("pv", "shvset", "q=i:0")` says that it is there and what it begins with.
    """

    code = "PV023"
    severity = "info"
    bad = (Bad("$shv(q) = 1;", ("$shv(q)",)),)
    good = ('#!KAMAILIO\nloadmodule "pv.so"\nmodparam("pv", "shvset", "q=i:0")\nrequest_route { $shv(q) = 1; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first use of each name."""
        declared = {str(setting.value).partition("=")[0].strip() for setting in subject.program.params if setting.param.name == "shvset"}
        for use in subject.uses:
            name = use.pv.spec.inner
            if use.pv.variable.name == "shv" and name and "$" not in name and name not in declared:
                declared.add(name)
                yield Found(use.span, f"$shv({name}) is not declared", f'modparam("pv", "shvset", "{name}=i:0")')
