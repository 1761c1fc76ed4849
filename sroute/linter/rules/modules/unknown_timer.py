"""MD025."""

from sroute.linter.rule import Bad, LoadRule


class UnknownTimer(LoadRule):
    """A route is given to a timer of rtimer that is not there.

    The `timer` parameter makes a timer, and must stand above the `exec` that names it.
    """

    code = "MD025"
    bad = (
        Bad(
            """
            #!KAMAILIO
            loadmodule "rtimer.so"
            modparam("rtimer", "timer", "name=tick;interval=10")
            modparam("rtimer", "exec", "timer=tack;route=TICK")
            request_route { exit; }
            route[TICK] { exit; }
            """,
            ('modparam("rtimer", "exec", "timer=tack;route=TICK")',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "rtimer.so"
        modparam("rtimer", "timer", "name=tick;interval=10")
        modparam("rtimer", "exec", "timer=tick;route=TICK")
        request_route { exit; }
        route[TICK] { exit; }
        """,
    )
