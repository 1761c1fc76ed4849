"""UP002."""

from sroute.linter.rule import Bad, LoadRule


class NewerThanTarget(LoadRule):
    """A function came with a newer version than the one that is checked for.

    Choose the version with `--kamailio`, or use what the target has.
    """

    code = "UP002"
    bad = (Bad("if (t_exists()) { exit; }", ("t_exists",)),)
    good = ("if (t_check_trans()) { exit; }",)
