"""RT019."""

from sroute.linter.rule import Bad, LoadRule


class DuplicateCase(LoadRule):
    """A label occurs twice in a switch.

    The start fails, also when the two are written differently and have the same value.
    """

    code = "RT019"
    stage = "start"
    bad = (Bad("switch ($var(x)) { case 1: exit; case 1: drop; }", ("1",)),)
    good = ("switch ($var(x)) { case 1: exit; case 2: drop; }",)
