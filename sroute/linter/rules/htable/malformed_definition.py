"""HT002."""

from sroute.linter.rule import Bad, LoadRule


class MalformedDefinition(LoadRule):
    """The definition of a table is malformed.

    It is written `name=>size=8;autoexpire=600`. An unknown attribute or a value that is no number is refused.
    """

    code = "HT002"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "htable.so"
        modparam("htable", "htable", "b=>size=4;nope=1")
        request_route { exit; }
        """,
            ('"b=>size=4;nope=1"',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "htable.so"
        modparam("htable", "htable", "b=>size=4")
        request_route { exit; }
        """,
    )
