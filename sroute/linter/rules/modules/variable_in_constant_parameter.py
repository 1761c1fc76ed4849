"""MD018."""

from sroute.linter.rule import Bad, LoadRule


class VariableInConstantParameter(LoadRule):
    """A variable stands in a parameter that is never expanded.

    Some functions settle their parameter when Kamailio starts: a list of methods, a flag, a pattern. A variable there is taken
    letter by letter, and the start fails. `$rm == $var(method)` compares with a variable.
    """

    code = "MD018"
    stage = "start"
    bad = (
        Bad('if (is_method("$rm")) { exit; }', ('"$rm"',)),
        Bad('if (is_method("INVITE|$var(method)")) { exit; }', ('"INVITE|$var(method)"',)),
    )
    good = ('if (is_method("INVITE|ACK")) { exit; }', "if ($rm == $var(method)) { exit; }")
