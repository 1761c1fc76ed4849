"""PP018."""

from sroute.linter.rule import Bad, LoadRule


class BadDefineName(LoadRule):
    """A name in a directive has a `-` in it.

    Names are made of letters, digits and `_`.
    """

    code = "PP018"
    bad = (
        Bad(
            """
        #!KAMAILIO
        #!define WITH-TLS
        request_route { exit; }
        """,
            ("#!define WITH-TLS",),
        ),
    )
    good = (
        """
        #!define WITH_TLS
        exit;
        """,
    )
