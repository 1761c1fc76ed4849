"""MD002."""

from sroute.linter.fixes import remove_line
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class ModuleLoadedTwice(LoadRule):
    """A module is loaded twice.

    Kamailio refuses the second `loadmodule`.
    """

    code = "MD002"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "pv.so"
        loadmodule "pv.so"
        request_route { exit; }
        """,
            ('loadmodule "pv.so"',),
            """
        #!KAMAILIO
        loadmodule "pv.so"
        request_route { exit; }
        """,
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "pv.so"
        request_route { exit; }
        """,
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The second one goes."""
        return remove_line(finding, "remove the second loadmodule", safe=True)
