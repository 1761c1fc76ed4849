"""RT041."""

from sroute.linter.rule import Bad, LoadRule


class DefaultOnlySwitch(LoadRule):
    """A switch has nothing but a `default:`.

    The start fails. Add a case, or write the statements without the switch.
    """

    code = "RT041"
    stage = "start"
    bad = (Bad("switch ($var(x)) { default: exit; }", ("switch ($var(x)) { default: exit; }",)),)
    good = ("switch ($var(x)) { case 1: drop; default: exit; }",)
