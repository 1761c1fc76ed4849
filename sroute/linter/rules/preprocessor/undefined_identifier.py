"""PP013."""

from sroute.linter.rule import Bad, LoadRule


class UndefinedIdentifier(LoadRule):
    """A bare name stands where a value or a flag is wanted, and nothing of that name is defined.

    Kamailio takes an undefined name for itself and then finds that it means nothing there. Define it, or declare it with `flags`.
    """

    code = "PP013"
    bad = (
        Bad("setflag(FLT_NO);", ("FLT_NO",)),
        Bad(
            """
        #!KAMAILIO
        #!defenv NO_SUCH_VARIABLE_HERE
        request_route { exit; }
        """,
            ("#!defenv NO_SUCH_VARIABLE_HERE",),
        ),
    )
    good = (
        """
        #!define FLT_ACC 1
        setflag(FLT_ACC);
        """,
    )
