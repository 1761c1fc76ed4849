"""PP004."""

from sroute.linter.rule import Bad, LoadRule


class DuplicateDefine(LoadRule):
    """A name is defined twice.

    `#!define` refuses a name that is defined already, also by `-A` on the command line. `#!trydef` keeps the first value, `#!redef`
    replaces it.
    """

    code = "PP004"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!define LEVEL 1
        #!define LEVEL 2
        request_route { exit; }
        """,
            ("#!define LEVEL 2",),
        ),
    )
    good = (
        """
        #!define LEVEL 1
        #!redef LEVEL 2
        exit;
        """,
    )
