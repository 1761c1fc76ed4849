"""SY003."""

from sroute.linter.fixes import fill_block
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class EmptyBlock(LoadRule):
    """A block is empty.

    The grammar wants at least one statement between the braces, in routes, `if` and loops; a `;` alone is enough. A switch without
    cases is accepted and does nothing.
    """

    code = "SY003"
    bad = (
        Bad(
            """
        route[A] { }
        request_route { exit; }
        """,
            ("{ }",),
        ),
        Bad("if (has_totag()) { }", ("{ }",), "if (has_totag()) { ; }"),
    )
    good = (
        "if (has_totag()) { exit; }",
        "route[A] { ; }",
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """An empty statement between the braces."""
        return fill_block(finding)
