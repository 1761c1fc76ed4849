"""PP017."""

from sroute.linter.rule import Bad, LoadRule


class FlagNumberCollision(LoadRule):
    """Two names share one flag number.

    Both names set and test the same bit. Kamailio warns when the numbers are declared with `flags`, and says nothing when they come
    from defines.
    """

    code = "PP017"
    severity = "warning"
    stage = "check warns"
    bad = (
        Bad(
            """
        #!KAMAILIO
        flags FLT_A:5, FLT_B:5;
        request_route { exit; }
        """,
            ("FLT_B:5",),
        ),
    )
    good = (
        """
        #!define FLT_A 5
        #!define FLT_B 6
        setflag(FLT_A);
        setflag(FLT_B);
        """,
    )
