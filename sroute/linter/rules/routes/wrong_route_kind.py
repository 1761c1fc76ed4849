"""RT004."""

from sroute.linter.rule import Bad, LoadRule


class WrongRouteKind(LoadRule):
    """A block is called that is of another kind.

    `route(F)` enters `route[F]` only. A `failure_route[F]` is entered by tm, when `t_on_failure("F")` has named it.
    """

    code = "RT004"
    stage = "start"
    bad = (
        Bad(
            """
        request_route { route(F); }
        failure_route[F] { exit; }
        """,
            ("F",),
        ),
    )
    good = (
        """
        request_route { t_on_failure("F"); t_relay(); }
        failure_route[F] { exit; }
        """,
    )
