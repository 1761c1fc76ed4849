"""RT022."""

from sroute.linter.rule import Bad, LoadRule


class ConstantCondition(LoadRule):
    """A condition is a constant.

    One of the two ways can never be taken. Kamailio says so when it checks the script.
    """

    code = "RT022"
    severity = "warning"
    stage = "check warns"
    bad = (Bad("if (1) { exit; }", ("1",)),)
    good = ("if ($var(x)) { exit; }",)
