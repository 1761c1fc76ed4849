"""SY022."""

from sroute.linter.rule import Bad, LoadRule


class DeclarationTooLate(LoadRule):
    """A declaration comes too late.

    Some core parameters (`user`, `shm_mem_size`, ...) must stand before any modparam and block, because memory is set up there. In
    5.6.3 `$shv` can't be used before the first modparam.
    """

    code = "SY022"
    bad = (
        Bad(
            """
        #!KAMAILIO
        request_route { exit; }
        user="kamailio"
        """,
            ("user",),
        ),
    )
    good = (
        """
        #!KAMAILIO
        user="kamailio"
        request_route { exit; }
        """,
    )
