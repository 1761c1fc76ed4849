"""ST011."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Call, CoreCall, RouteCall, Unary


class RedundantComparison(NodeRule[Binary | Unary]):
    """A call is compared with what it gives, or negated twice.

    In a condition `is_method("ACK") == 1` is `is_method("ACK")`, and `!!x` is `x`.
    """

    code = "ST011"
    severity = "info"
    nodes = (Binary, Unary)
    bad = (
        Bad('if (is_method("ACK") == 1) { exit; }', ('is_method("ACK") == 1',), 'if (is_method("ACK")) { exit; }'),
        Bad("if (has_totag() == 0) { exit; }", ("has_totag() == 0",), "if (!has_totag()) { exit; }"),
        Bad("if (!!has_totag()) { exit; }", ("!!has_totag()",), "if (has_totag()) { exit; }"),
    )
    good = ('if (is_method("ACK")) { exit; }', "if ($var(x) == 1) { exit; }")

    def check(self, node: Binary | Unary, subject: Subject) -> Iterator[Found]:
        """Comparisons of a call with 0 or 1."""
        if isinstance(node, Unary):
            inner = node.operand
            if node.op == "!" and isinstance(inner, Unary) and inner.op == "!":
                yield Found(node.span, "this is negated twice", None, _fix(node, inner.operand.span.text()))
            return
        value = subject.value(node.right)
        if node.op in ("==", "!=") and value in (0, 1) and isinstance(node.left, Call | CoreCall | RouteCall):
            if subject.program.settings.integer("return_mode", 0) != 1 and node.left.span.text().endswith(")"):
                positive = (value == 1) == (node.op == "==")
                text = node.left.span.text()
                yield Found(node.span, f"this is {'' if positive else '!'}{text}", None, _fix(node, text if positive else f"!{text}"))


def _fix(node: Binary | Unary, text: str) -> Fix | None:
    return Fix("write it shorter", (Edit(node.span, text),), safe=True) if "\n" not in node.span.text() else None
