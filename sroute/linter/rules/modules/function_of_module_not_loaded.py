"""MD010."""

from sroute.linter.fixes import add_loadmodule
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class FunctionOfModuleNotLoaded(LoadRule):
    """A function belongs to a module that is not loaded.

    Kamailio says the same as for a name that nobody knows.
    """

    code = "MD010"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "pv.so"
        request_route { t_relay(); }
        """,
            ("t_relay",),
            """
        #!KAMAILIO
        loadmodule "pv.so"
        loadmodule "tm.so"
        request_route { t_relay(); }
        """,
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "tm.so"
        request_route { t_relay(); }
        """,
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The module is loaded."""
        return add_loadmodule(finding)
