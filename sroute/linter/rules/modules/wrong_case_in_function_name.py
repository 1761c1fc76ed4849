"""MD012."""

from sroute.linter.fixes import as_meant
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class WrongCaseInFunctionName(LoadRule):
    """A function's name is written in other letters.

    Names are case-sensitive.
    """

    code = "MD012"
    bad = (Bad("T_Relay();", ("T_Relay",), "t_relay();"),)
    good = ("t_relay();",)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The name as it is known."""
        return as_meant(finding, safe=True)
