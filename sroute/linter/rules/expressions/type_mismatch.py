"""EX022."""

from sroute.linter.rule import Bad, LoadRule


class TypeMismatch(LoadRule):
    """An operator is given a type that it can't use.

    Numbers and texts are told apart before anything runs: `1 + "a"` and `5 == "5"` are refused. The type of `+` and `==` is that of
    their left side; cast with `(int)` or `(str)`.
    """

    code = "EX022"
    bad = (
        Bad('$var(x) = 1 + "a";', ("+",)),
        Bad('if (!$rU =~ "a") { exit; }', ("=~",)),
    )
    good = ('$var(x) = "a" + 1;',)
