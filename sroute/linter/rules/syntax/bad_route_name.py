"""SY015."""

from sroute.linter.rule import Bad, LoadRule


class BadRouteName(LoadRule):
    """A route's name is none.

    Bare names are made of letters, digits and `_`, and are no keywords. Any other name needs double quotes, in brackets as in
    calls.
    """

    code = "SY015"
    bad = (
        Bad("route(my-route);", ("my-route",)),
        Bad(
            """
        route[A-B] { exit; }
        request_route { exit; }
        """,
            ("A-B",),
        ),
    )
    good = (
        """
        request_route { route("my-route"); }
        route["my-route"] { exit; }
        """,
    )
