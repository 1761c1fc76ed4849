"""MD004."""

from sroute.linter.rule import Bad, LoadRule


class ModparamBeforeLoadmodule(LoadRule):
    """A parameter is set before its module is loaded.

    Kamailio reads from top to bottom: the `loadmodule` must come first.
    """

    code = "MD004"
    bad = (
        Bad(
            """
        #!KAMAILIO
        modparam("tm", "fr_timer", 5000)
        loadmodule "tm.so"
        request_route { exit; }
        """,
            ('"tm"',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "tm.so"
        modparam("tm", "fr_timer", 5000)
        request_route { exit; }
        """,
    )
