"""MD015."""

from sroute.linter.rule import Bad, LoadRule


class LoadOrder(LoadRule):
    """A module is loaded before one that must have started when it starts.

    Modules start in the order in which they are loaded. Most find each other wherever they stand; `tm` and the `usrloc` modules
    must come before those that need them.
    """

    code = "MD015"
    stage = "start"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "tmx.so"
        loadmodule "tm.so"
        request_route { exit; }
        """,
            ('loadmodule "tmx.so"',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "tm.so"
        loadmodule "tmx.so"
        request_route { exit; }
        """,
    )
