"""PP016."""

from sroute.linter.rule import Bad, LoadRule


class MalformedSubstitution(LoadRule):
    """The rule of a `#!subst` is malformed.

    It is written "/pattern/replacement/flags", with any character in place of `/`; `#!substdef` needs a name as pattern. The
    pattern is a POSIX extended regular expression.
    """

    code = "PP016"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!subst "NOPE"
        request_route { exit; }
        """,
            ('"NOPE"',),
        ),
    )
    good = (
        """
        #!KAMAILIO
        #!subst "/HOST/10.0.0.1/g"
        request_route { exit; }
        """,
    )
