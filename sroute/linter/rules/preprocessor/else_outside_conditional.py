"""PP002."""

from sroute.linter.rule import Bad, LoadRule


class ElseOutsideConditional(LoadRule):
    """`#!else` stands outside of any conditional.

    Kamailio prints a message and goes on: both parts of what was meant to be a choice are active.
    """

    code = "PP002"
    severity = "warning"
    stage = "check warns"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!else
        request_route { exit; }
        """,
            ("#!else",),
        ),
    )
    good = (
        """
        #!ifdef A
        exit;
        #!else
        exit;
        #!endif
        """,
    )
