"""SY009."""

from sroute.linter.rule import Bad, LoadRule


class ExpressionStatement(LoadRule):
    """An expression stands alone as a statement.

    A comparison or a variable alone does nothing and is not accepted. Was an assignment with `=` meant?
    """

    code = "SY009"
    bad = (Bad("$var(x) == 1;", ("$var(x) ==",)),)
    good = ("$var(x) = 1;",)
