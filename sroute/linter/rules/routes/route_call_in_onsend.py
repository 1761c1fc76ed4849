"""RT033."""

from sroute.linter.rule import Bad, LoadRule


class RouteCallInOnsend(LoadRule):
    """A statement is not allowed in `onsend_route`.

    The block runs while a message is being sent: it may look and drop, not route.
    """

    code = "RT033"
    bad = (
        Bad(
            """
        onsend_route { route(A); }
        route[A] { exit; }
        """,
            ("route(A)",),
        ),
    )
    good = ("onsend_route { drop; }",)
