"""SY007."""

from sroute.linter.fixes import drop_semicolon
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class ElseAfterSemicolon(LoadRule):
    """A `;` behind the block ends the `if`, so the `else` belongs to nothing.

    Remove the `;` between `}` and `else`.
    """

    code = "SY007"
    bad = (Bad("if (has_totag()) { exit; }; else { exit; }", (";",), "if (has_totag()) { exit; } else { exit; }"),)
    good = ("if (has_totag()) { exit; } else { exit; }",)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The `;` goes."""
        return drop_semicolon(finding)
