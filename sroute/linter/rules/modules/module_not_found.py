"""MD001."""

from sroute.linter.rule import Bad, LoadRule


class ModuleNotFound(LoadRule):
    """A module is loaded that does not exist.

    No module of that name is known for this version of Kamailio. Modules that are not in the package of the distribution need a
    package of their own; their names are known here.
    """

    code = "MD001"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "textop.so"
        request_route { exit; }
        """,
            ('loadmodule "textop.so"',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "textops.so"
        request_route { exit; }
        """,
    )
