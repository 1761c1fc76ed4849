"""SY002."""

from sroute.linter.fixes import insert_behind
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class MissingSemicolon(LoadRule):
    """A `;` is missing at the end of a statement.

    Every statement but a block ends with `;`, also the last one before `}`. Kamailio names the line below.
    """

    code = "SY002"
    bad = (
        Bad(
            """
        $var(x) = 1
        exit;
        """,
            ("1",),
            """
        $var(x) = 1;
        exit;
        """,
        ),
        Bad("exit", ("t",), "exit;"),
    )
    good = (
        """
        $var(x) = 1;
        exit;
        """,
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """A `;` behind the statement."""
        return insert_behind(finding, ";", "add the ;")
