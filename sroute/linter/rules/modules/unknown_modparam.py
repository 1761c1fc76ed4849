"""MD005."""

from sroute.linter.fixes import as_meant
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UnknownModparam(LoadRule):
    """A module has no parameter of that name, or refuses its value.

    Names are compared letter by letter. With a pattern for the module's name every module that fits must know the parameter.
    """

    code = "MD005"
    bad = (
        Bad(
            """
        #!KAMAILIO
        loadmodule "tm.so"
        modparam("tm", "fr_timr", 5000)
        request_route { exit; }
        """,
            ('"fr_timr"',),
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
        """The name that is nearest."""
        return as_meant(finding)
