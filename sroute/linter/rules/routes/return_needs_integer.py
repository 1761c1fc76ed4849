"""RT014."""

from sroute.linter.rule import Bad, LoadRule


class ReturnNeedsInteger(LoadRule):
    """`return`, `exit`, `drop` or `while` is given a string.

    The value is a return code, and a string is none. The start fails.
    """

    code = "RT014"
    stage = "start"
    bad = (
        Bad(
            """
        route[A] { return "x"; }
        request_route { route(A); }
        """,
            ('"x"',),
        ),
    )
    good = (
        """
        route[A] { return 2; }
        request_route { route(A); }
        """,
    )
