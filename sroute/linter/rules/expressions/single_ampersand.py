"""EX023."""

from collections.abc import Iterator

from sroute.linter.conditions import leaves
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, If, While


class SingleAmpersand(NodeRule[If | While]):
    """`&` or `|` joins conditions.

    They work on bits: `$var(a) & $var(b)` is 0 for 2 and 1. And both sides are always computed. Conditions are joined with `&&` and
    `||`.
    """

    code = "EX023"
    nodes = (If, While)
    bad = (
        Bad("if ($var(a) & $var(b)) { exit; }", ("$var(a) & $var(b)",), "if ($var(a) && $var(b)) { exit; }"),
        Bad(
            'if (has_totag() | is_method("ACK")) { exit; }',
            ('has_totag() | is_method("ACK")',),
            'if (has_totag() || is_method("ACK")) { exit; }',
        ),
    )
    good = (
        "if ($var(a) && $var(b)) { exit; }",
        "if ($var(flags) & 4) { exit; }",
        "if (($var(flags) & $var(mask)) == $var(mask)) { exit; }",
    )

    def check(self, node: If | While, subject: Subject) -> Iterator[Found]:
        """Bit operators as conditions, unless one side is a constant mask."""
        for leaf in leaves(node.condition):
            if isinstance(leaf, Binary) and leaf.op in ("&", "|"):
                sides = (subject.value(leaf.left), subject.value(leaf.right))
                if sides == (None, None):
                    wanted = leaf.op * 2
                    fix = Fix(f"write {wanted}", (Edit(leaf.op_span, wanted),))
                    yield Found(leaf.span, f"{leaf.op} works on bits", f"conditions are joined with {wanted}", fix)
