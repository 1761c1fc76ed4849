"""EX002."""

from collections.abc import Iterator

from sroute.linter.knowledge import TEXTUAL
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Literal, Variable


class ComparisonTypeByLeftSide(NodeRule[Binary]):
    """A number on the left side is compared with a text.

    The left operand decides how `==` compares. With a number there the text on the right is converted, and text that is no number
    is 0: `0 == $rU` is true for `alice`, `$rU == 0` is not. Write the variable on the left.
    """

    code = "EX002"
    stage = "run"
    nodes = (Binary,)
    bad = (Bad("if (0 == $rU) { exit; }", ("0 == $rU",), "if ($rU == 0) { exit; }"),)
    good = ("if ($rU == 0) { exit; }", "if (0 == $var(x)) { exit; }")

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A number beside a variable that holds text."""
        right = node.right
        if node.op not in ("==", "!=") or not isinstance(subject.value(node.left), int) or not isinstance(node.left, Literal | Variable):
            return
        if not isinstance(right, Variable) or right.spec.name not in TEXTUAL or right.spec.transformations:
            return
        swapped = Edit(node.left.span, right.span.text()), Edit(right.span, node.left.span.text())
        text = f"the number decides how this compares: {right.spec.text} counts as 0 unless it is a number"
        yield Found(node.span, text, "write the variable on the left", Fix("swap the sides", swapped))
