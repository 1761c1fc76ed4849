"""UP001."""

from sroute.linter.rule import Bad, LoadRule


class RemovedOrRenamed(LoadRule):
    """A module, parameter or function has another name now, or is gone.

    The script was written for an older version. The hint says what took its place.
    """

    code = "UP001"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "mi_fifo.so"
        request_route { exit; }
        """,
            ('loadmodule "mi_fifo.so"',),
        ),
        Bad('http_query("http://x/", "$var(x)");', ("http_query",)),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "jsonrpcs.so"
        request_route { exit; }
        """,
    )
