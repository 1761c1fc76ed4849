"""PP006."""

from sroute.linter.rule import Bad, LoadRule


class IncludeNotFound(LoadRule):
    """An included file is not there, or can't be read.

    The name stands in double quotes without a `;` behind it. It is looked for as it is, then beside the file that includes it.
    `import_file` does not mind a missing file.
    """

    code = "PP006"
    bad = (
        Bad(
            """
        #!KAMAILIO
        include_file "no-such-file.cfg"
        request_route { exit; }
        """,
            ('include_file "no-such-file.cfg"',),
        ),
    )
    good = (
        """
        import_file "no-such-file.cfg"
        exit;
        """,
    )
