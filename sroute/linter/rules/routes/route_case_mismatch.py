"""RT002."""

from sroute.linter.fixes import as_meant
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class RouteCaseMismatch(LoadRule):
    """A route is called by a name in other letters.

    Names are case-sensitive: `route(relay)` is not `route[RELAY]`.
    """

    code = "RT002"
    stage = "start"
    bad = (
        Bad(
            """
        request_route { route(relay); }
        route[RELAY] { exit; }
        """,
            ("relay",),
            """
        request_route { route(RELAY); }
        route[RELAY] { exit; }
        """,
        ),
    )
    good = (
        """
        request_route { route(RELAY); }
        route[RELAY] { exit; }
        """,
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The name that is nearest."""
        return as_meant(finding)
