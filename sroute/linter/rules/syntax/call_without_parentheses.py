"""SY010."""

from sroute.linter.fixes import add_parentheses
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class CallWithoutParentheses(LoadRule):
    """A function is called without parentheses.

    Also a function without parameters needs them: `t_relay();`.
    """

    code = "SY010"
    bad = (Bad("t_relay;", ("t_relay",), "t_relay();"),)
    good = ("t_relay();",)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """Parentheses behind the name."""
        return add_parentheses(finding)
