"""SY021."""

from sroute.linter.rule import Bad, LoadRule


class DeclarationInRoute(LoadRule):
    """A declaration stands inside a block.

    `loadmodule`, `modparam` and core parameters belong to the top level of the file.
    """

    code = "SY021"
    bad = (Bad("request_route { debug=3; exit; }", ("debug",)),)
    good = (
        """
        debug=3
        request_route { exit; }
        """,
    )
