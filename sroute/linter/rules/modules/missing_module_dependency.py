"""MD014."""

from sroute.linter.rule import Bad, LoadRule


class MissingModuleDependency(LoadRule):
    """A module does not start without another one, or with its parameters.

    `kamailio -c` does not start modules, so it does not see that `tmx` needs `tm`, `registrar` needs `sl` and `usrloc`, or that a
    table cannot be loaded without a database module.
    """

    code = "MD014"
    stage = "start"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "tmx.so"
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
