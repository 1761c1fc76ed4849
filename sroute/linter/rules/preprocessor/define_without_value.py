"""PP012."""

from sroute.linter.rule import Bad, LoadRule


class DefineWithoutValue(LoadRule):
    """A define can't be expanded to something of use.

    A name that is defined without a value disappears where it stands as a value; one that is made of itself never ends.
    """

    code = "PP012"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!define A B
        #!define B A
        loadmodule "pv.so"
        request_route { $var(x) = A; }
        """,
            ("A",),
        ),
    )
    good = (
        """
        #!define A 5
        $var(x) = A;
        """,
    )
