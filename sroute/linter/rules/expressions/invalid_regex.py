"""EX010."""

from sroute.linter.rule import Bad, LoadRule


class InvalidRegex(LoadRule):
    """A regular expression is malformed.

    Behind `=~` and in most functions patterns are POSIX extended regular expressions. `kamailio -c` does not compile them, the
    start does.
    """

    code = "EX010"
    stage = "start"
    bad = (Bad('if ($rU =~ "[a-") { exit; }', ('"[a-"',)),)
    good = ('if ($rU =~ "^[a-z]+$") { exit; }',)
