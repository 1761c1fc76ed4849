"""PP001."""

from sroute.linter.rule import Bad, LoadRule


class UnbalancedConditional(LoadRule):
    """A conditional is never closed, or closed once too often.

    Each `#!ifdef` and `#!ifndef` needs its `#!endif`. Kamailio only counts them at the end of the file and cannot say which one is
    left open; here the opener is underlined. `#!endif` must stand alone on its line, with a line end behind it.
    """

    code = "PP001"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!ifdef WITH_TLS
        request_route { exit; }
        """,
            ("#!ifdef WITH_TLS",),
        ),
        Bad(
            """
        #!KAMAILIO
        #!endif
        request_route { exit; }
        """,
            ("#!endif",),
        ),
    )
    good = (
        """
        #!ifdef WITH_TLS
        exit;
        #!endif
        exit;
        """,
    )
