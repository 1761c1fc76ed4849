"""RT007."""

from sroute.linter.rule import Bad, LoadRule


class DuplicateRoute(LoadRule):
    """A block is there twice.

    Two `route[A]` are refused. (Two unnamed main blocks are not: both run, see RT008.)
    """

    code = "RT007"
    bad = (
        Bad(
            """
        route[A] { exit; }
        route[A] { drop; }
        request_route { route(A); }
        """,
            ("A",),
        ),
    )
    good = (
        """
        route[A] { exit; }
        route[B] { drop; }
        request_route { route(A); }
        """,
    )
