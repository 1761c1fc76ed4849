"""EX016."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign, Binary, Literal, Variable

COMPARES = frozenset(["==", "!=", "<", "<=", ">", ">=", "eq", "ne", "ieq", "ine", "=~", "&&", "||"])


class SelfComparison(NodeRule[Binary | Assign]):
    """Something is compared with itself, or assigned to itself.

    The result is known before: this is a slip of the pen. `$avp(x) = $avp(x)` even stores a second copy.
    """

    code = "EX016"
    nodes = (Binary, Assign)
    bad = (
        Bad("if ($rU == $rU) { exit; }", ("$rU == $rU",)),
        Bad("$var(x) = $var(x);", ("$var(x) = $var(x)",)),
    )
    good = ("if ($rU == $fU) { exit; }", "$var(x) = $var(y);", "if ($TS - $TS > 1) { exit; }")

    def check(self, node: Binary | Assign, subject: Subject) -> Iterator[Found]:
        """Equal sides."""
        if isinstance(node, Assign):
            if isinstance(node.value, Variable) and node.value.spec.text == node.target.spec.text:
                yield Found(node.span, f"{node.target.spec.text} is assigned to itself")
            return
        shape = subject.shapes.of(node.left) if node.op in COMPARES and not isinstance(node.left, Literal) else None
        if shape is not None and shape == subject.shapes.of(node.right):
            yield Found(node.span, "both sides of this are the same")
