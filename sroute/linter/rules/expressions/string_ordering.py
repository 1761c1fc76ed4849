"""EX008."""

from sroute.linter.rule import Bad, LoadRule


class StringOrdering(LoadRule):
    """`<` or `>` has a text beside it.

    These operators compare numbers. Two variables that hold text are converted, a text that is written out is refused. Use `==`, or
    `cmp_str()`.
    """

    code = "EX008"
    bad = (Bad('if ($var(a) < "abd") { exit; }', ("<",)),)
    good = ('if ($var(a) == "abd") { exit; }',)
