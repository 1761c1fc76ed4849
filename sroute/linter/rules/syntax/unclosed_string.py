"""SY005."""

from sroute.linter.rule import Bad, LoadRule


class UnclosedString(LoadRule):
    """A string is never closed.

    The quote that closes it is missing, so everything up to the next quote belongs to it. In single quotes a string ends with its
    line.
    """

    code = "SY005"
    bad = (
        Bad(
            """
        xlog("abc);
        exit;
        """,
            ('"abc);',),
        ),
    )
    good = ('xlog("abc\\n");',)
