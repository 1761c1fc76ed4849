"""SY018."""

from sroute.linter.rule import Bad, LoadRule


class SwitchMixedLabels(LoadRule):
    """A switch has labels of different kinds.

    Numbers cannot stand beside strings or regular expressions. Make all labels strings; the selector is converted.
    """

    code = "SY018"
    bad = (Bad('switch ($var(x)) { case 1: exit; case "a": exit; }', ('switch ($var(x)) { case 1: exit; case "a": exit; }',)),)
    good = ("switch ($var(x)) { case 1: exit; case 2: exit; }",)
