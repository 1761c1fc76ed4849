"""MD006."""

from sroute.linter.fixes import add_quotes, remove_quotes
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class ModparamType(LoadRule):
    """A parameter is given a value of the wrong type.

    `"5000"` is a string, `5000` a number, and Kamailio does not convert between them here.
    """

    code = "MD006"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "tm.so"
        modparam("tm", "fr_timer", "5000")
        request_route { exit; }
        """,
            ('"5000"',),
            """
        #!KAMAILIO
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
        """A number loses its quotes, or gets them."""
        return remove_quotes(finding) or add_quotes(finding)
