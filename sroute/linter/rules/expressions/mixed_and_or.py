"""EX018."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.spans import before, behind, parenthesized
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary


class MixedAndOr(NodeRule[Binary]):
    """`&&` and `||` are mixed without parentheses.

    `&&` binds tighter: `a || b && c` is `a || (b && c)`. Parentheses show that this is meant.
    """

    code = "EX018"
    severity = "info"
    nodes = (Binary,)
    bad = (
        Bad(
            'if (has_totag() || is_method("ACK") && $rU == "a") { exit; }',
            ('is_method("ACK") && $rU == "a"',),
            'if (has_totag() || (is_method("ACK") && $rU == "a")) { exit; }',
        ),
    )
    good = (
        'if (has_totag() || (is_method("ACK") && $rU == "a")) { exit; }',
        'if (has_totag() || is_method("ACK") || is_method("BYE")) { exit; }',
    )

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """An `&&` directly inside an `||`."""
        if node.op != "||":
            return
        for part in (node.left, node.right):
            if isinstance(part, Binary) and part.op == "&&" and not parenthesized(part.span):
                fix = Fix("add parentheses", (Edit(before(part.span), "("), Edit(behind(part.span), ")")), safe=True)
                yield Found(part.span, "&& binds tighter than ||", "put it into parentheses", fix)
