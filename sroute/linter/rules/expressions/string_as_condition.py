"""EX006."""

from sroute.linter.rule import Bad, LoadRule


class StringAsCondition(LoadRule):
    """A string is used as a condition.

    A condition is a number. A string is converted, and any text that is no number counts as 0: `if ($rU)` is false for `alice`.
    Compare it, or ask with `strempty()`.
    """

    code = "EX006"
    severity = "warning"
    stage = "run"
    bad = (Bad('if ("yes") { exit; }', ('"yes"',)),)
    good = ("if ($rU != $null) { exit; }",)
