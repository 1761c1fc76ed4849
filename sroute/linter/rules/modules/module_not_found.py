"""MD001."""

from sroute.linter.fixes import meant_inside
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


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
            """
        #!KAMAILIO
        loadmodule "textops.so"
        request_route { exit; }
        """,
        ),
    )
    good = (
        """
        #!KAMAILIO
        loadmodule "textops.so"
        request_route { exit; }
        """,
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The name that is nearest."""
        return meant_inside(finding)
