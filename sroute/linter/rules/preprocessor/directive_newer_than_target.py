"""PP019."""

from sroute.linter.rule import Bad, LoadRule


class DirectiveNewerThanTarget(LoadRule):
    """A directive is newer than the Kamailio that is checked for.

    5.6.3 takes `#!ifexp`, `#!defexp` and `#!undef` for comments, so what was meant to be conditional is always there, and the
    `#!endif` of an `#!ifexp` closes something else.
    """

    code = "PP019"
    severity = "warning"
    stage = "never"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!undef WITH_TLS
        request_route { exit; }
        """,
            ("#!undef WITH_TLS",),
        ),
    )
    good = (
        """
        #!ifdef WITH_TLS
        exit;
        #!endif
        exit;
        """,
    )
