"""HT003."""

from sroute.linter.rule import Bad, LoadRule


class DuplicateTable(LoadRule):
    """A table is defined twice.

    The second definition of a name is refused, also when it is the same.
    """

    code = "HT003"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "htable.so"
        modparam("htable", "htable", "b=>size=4")
        modparam("htable", "htable", "b=>size=8")
        request_route { exit; }
        """,
            ('modparam("htable", "htable", "b=>size=8")',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "htable.so"
        modparam("htable", "htable", "b=>size=4")
        modparam("htable", "htable", "c=>size=8")
        request_route { exit; }
        """,
    )
