"""PP003."""

from sroute.linter.rule import Bad, LoadRule


class UnknownDirective(LoadRule):
    """A line begins with `#!` but is no directive, so it is a comment.

    A misspelt directive, text behind `#!else` or `#!endif`, or a directive without its name is skipped like any other comment.
    """

    code = "PP003"
    severity = "warning"
    stage = "never"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!defin WITH_TLS
        request_route { exit; }
        """,
            ("#!defin WITH_TLS",),
        ),
    )
    good = (
        """
        #!define WITH_TLS
        exit;
        """,
    )
