"""RT012."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Leave, Route, Switch, While


class BreakOutsideLoop(NodeRule[Leave]):
    """`break` stands outside of a loop or switch.

    It ends the block, and the caller goes on with a return code of 0. Write `return`. (In a request_route, which has no caller, it does
    what `exit` does: a remark only.)
    """

    code = "RT012"
    nodes = (Leave,)
    bad = (Bad("route[A] {\n    if (has_totag()) break;\n    exit;\n}", ("break",)),)
    good = ("while ($var(i) < 5) { if (has_totag()) break; $var(i) = $var(i) + 1; }", "switch ($var(x)) { case 1: break; default: exit; }")

    def check(self, node: Leave, subject: Subject) -> Iterator[Found]:
        """A break that nothing around it takes."""
        if node.how == "break" and not any(isinstance(around, While | Switch) for around in subject.tree.ancestors(node)):
            main = any(
                isinstance(around, Route) and around.kind == "request" and around.name is None for around in subject.tree.ancestors(node)
            )
            said = "there is no loop or switch around this break: it ends the block"
            yield Found(node.span, said, "write exit" if main else "write return", severity="info" if main else None)
