"""SY001."""

from sroute.linter.rule import Bad, LoadRule


class SyntaxError(LoadRule):
    """The text is no Kamailio script here.

    What stands here fits nowhere in the grammar. Kamailio names the place that it had read when it noticed, which may be the token
    behind the mistake.
    """

    code = "SY001"
    bad = (Bad("if ($var(x) == 1 { exit; }", ("1",)),)
    good = ("if ($var(x) == 1) { exit; }",)
