"""SY020."""

from sroute.linter.rule import Bad, LoadRule


class UnknownCoreParameter(LoadRule):
    """A core parameter is unknown, or its value has the wrong type or range.

    Kamailio refuses names that it does not know and values of another type: `children="4"` is a string where a number is wanted.
    """

    code = "SY020"
    bad = (
        Bad(
            """
        #!KAMAILIO
        children="4"
        request_route { exit; }
        """,
            ('"4"',),
        ),
        Bad(
            """
        #!KAMAILIO
        childrn=4
        request_route { exit; }
        """,
            ("childrn",),
        ),
    )
    good = (
        """
        #!KAMAILIO
        children=4
        request_route { exit; }
        """,
    )
