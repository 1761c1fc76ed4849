"""SY020."""

from sroute.linter.fixes import as_meant, remove_quotes
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UnknownCoreParameter(LoadRule):
    """A core parameter is unknown, or its value has the wrong type or range.

    Kamailio refuses names that it does not know and values of another type: `children="4"` is a string where a number is wanted.
    """

    code = "SY020"
    bad = (
        Bad(
            """
        #!KAMAILIO
        children="4"
        request_route { exit; }
        """,
            ('"4"',),
            """
        #!KAMAILIO
        children=4
        request_route { exit; }
        """,
        ),
        Bad(
            """
        #!KAMAILIO
        childrn=4
        request_route { exit; }
        """,
            ("childrn",),
            """
        #!KAMAILIO
        children=4
        request_route { exit; }
        """,
        ),
    )
    good = (
        """
        #!KAMAILIO
        children=4
        request_route { exit; }
        """,
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The name that is nearest, or a number without its quotes."""
        return as_meant(finding) or remove_quotes(finding)
