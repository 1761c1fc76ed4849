"""SY019."""

from sroute.linter.rule import Bad, LoadRule


class SwitchTwoDefaults(LoadRule):
    """A switch has two `default:` labels.

    Kamailio refuses the second one.
    """

    code = "SY019"
    bad = (Bad("switch ($var(x)) { case 1: exit; default: exit; default: drop; }", ("default: drop",)),)
    good = ("switch ($var(x)) { case 1: exit; default: exit; }",)
