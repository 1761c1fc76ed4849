"""PV002."""

from sroute.linter.rule import Bad, LoadRule


class VariableOfModuleNotLoaded(LoadRule):
    """A variable belongs to a module that is not loaded.

    Also `$var` and `$ru` need a module: pv.
    """

    code = "PV002"
    bad = (
        Bad(
            r"""
        #!KAMAILIO
        loadmodule "xlog.so"
        request_route { xlog("$rU\n"); }
        """,
            ('"$rU\\n"',),
        ),
    )
    good = (
        r"""
        #!KAMAILIO
        loadmodule "pv.so"
        loadmodule "xlog.so"
        request_route { xlog("$rU\n"); }
        """,
    )
