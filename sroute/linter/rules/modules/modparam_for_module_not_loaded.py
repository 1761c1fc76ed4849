"""MD003."""

from sroute.linter.fixes import add_loadmodule
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class ModparamForModuleNotLoaded(LoadRule):
    """A parameter is set for a module that is not loaded.

    The `loadmodule` is missing, or switched off by a conditional that does not cover the `modparam`.
    """

    code = "MD003"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "pv.so"
        modparam("tm", "fr_timer", 5000)
        request_route { exit; }
        """,
            ('"tm"',),
            """
        #!KAMAILIO
        loadmodule "pv.so"
        loadmodule "tm.so"
        modparam("tm", "fr_timer", 5000)
        request_route { exit; }
        """,
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "tm.so"
        modparam("tm", "fr_timer", 5000)
        request_route { exit; }
        """,
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The module is loaded."""
        return add_loadmodule(finding)
