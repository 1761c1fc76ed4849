"""RT012."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Leave, Switch, While


class BreakOutsideLoop(NodeRule[Leave]):
    """`break` stands outside of a loop or switch.

    It ends the block, and the caller goes on with a return code of 0. Write `return`.
    """

    code = "RT012"
    nodes = (Leave,)
    bad = (Bad("route[A] {\n    if (has_totag()) break;\n    exit;\n}", ("break",)),)
    good = ("while ($var(i) < 5) { if (has_totag()) break; $var(i) = $var(i) + 1; }", "switch ($var(x)) { case 1: break; default: exit; }")

    def check(self, node: Leave, subject: Subject) -> Iterator[Found]:
        """A break that nothing around it takes."""
        if node.how == "break" and not any(isinstance(around, While | Switch) for around in subject.tree.ancestors(node)):
            yield Found(node.span, "there is no loop or switch around this break: it ends the block", "write return")
