"""EX017."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Binary, Unary

NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class NegationBindsTighter(NodeRule[Binary]):
    """`!` negates only what stands directly behind it.

    `!$var(x) == 1` means `(!$var(x)) == 1`: it compares 0 or 1 with 1. Write `$var(x) != 1`, or put the comparison in parentheses.
    """

    code = "EX017"
    nodes = (Binary,)
    bad = (Bad("if (!$var(x) == 1) { exit; }", ("!$var(x) == 1",), "if ($var(x) != 1) { exit; }"),)
    good = (
        "if ($var(x) != 1) { exit; }",
        "if (!($var(x) == 1)) { exit; }",
        "if ((!$var(x)) == 1) { exit; }",
        "if (!uri == myself) { exit; }",
    )

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A negation as the left side of a comparison, without parentheses of its own."""
        left = node.left
        if node.op not in NEGATED or not isinstance(left, Unary) or left.op != "!":
            return
        between = Span(node.span.source, left.span.end, node.op_span.start).text()
        if ")" in between or not left.span.text().startswith("!"):
            return
        name = left.operand.span.text()
        mark = Span(node.span.source, left.span.start, left.operand.span.start)
        fix = Fix(f"write {NEGATED[node.op]}", (Edit(mark, ""), Edit(node.op_span, NEGATED[node.op])))
        yield Found(node.span, f"! negates {name} alone, before the comparison", f"write {name} {NEGATED[node.op]} ...", fix)
