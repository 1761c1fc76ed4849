"""RT001."""

from sroute.linter.fixes import as_meant
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UndefinedRoute(LoadRule):
    """A route is called that is not there.

    `kamailio -c` does not look; the start fails with "route not found". Names are compared letter by letter.
    """

    code = "RT001"
    stage = "start"
    bad = (
        Bad(
            """
        request_route { route(RELY); }
        route[RELAY] { exit; }
        """,
            ("RELY",),
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
