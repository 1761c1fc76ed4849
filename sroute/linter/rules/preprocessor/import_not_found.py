"""PP007."""

from sroute.linter.rule import Bad, LoadRule


class ImportNotFound(LoadRule):
    """An imported file is not there, and nothing is said about it.

    `import_file` skips a missing file. That is meant for optional local settings; a misspelt name looks the same.
    """

    code = "PP007"
    severity = "info"
    stage = "never"
    bad = (
        Bad(
            """
        #!KAMAILIO
        import_file "local-settings.cfg"
        request_route { exit; }
        """,
            ('import_file "local-settings.cfg"',),
        ),
    )
    good = ("exit;",)
