"""SY004."""

from sroute.linter.rule import Bad, LoadRule


class UnclosedComment(LoadRule):
    """A comment is never closed, and the rest of the file is gone.

    Comments nest: the second `/*` in `/* a /* b */` needs an end of its own. Kamailio prints "1 comments open" and starts with what
    stands before the comment.
    """

    code = "SY004"
    severity = "warning"
    stage = "check warns"
    bad = (
        Bad(
            """
        #!KAMAILIO
        request_route { exit; }
        /* open /* nested */
        route[A] { exit; }
        """,
            ("/*",),
        ),
    )
    good = (
        """
        /* one */
        exit;
        """,
    )
