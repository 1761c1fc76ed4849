"""EX006."""

from collections.abc import Iterator

from sroute.linter.conditions import leaves
from sroute.linter.knowledge import TEXTUAL
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.spans import behind
from sroute.linter.subject import Subject
from sroute.syntax.nodes import If, Unary, Variable, While


class StringAsCondition(NodeRule[If | While]):
    """A text is used as a condition.

    A condition is a number. A text is converted, and any text that is no number counts as 0: `if ($rU)` is false for `alice` and
    true for `200`. Compare it with `$null`, or ask with `strempty()`.
    """

    code = "EX006"
    stage = "run"
    nodes = (If, While)
    bad = (
        Bad("if ($rU) { exit; }", ("$rU",), "if ($rU != $null) { exit; }"),
        Bad(
            'if (is_method("INVITE") && !$hdr(X-Key)) { exit; }',
            ("$hdr(X-Key)",),
            'if (is_method("INVITE") && $hdr(X-Key) == $null) { exit; }',
        ),
    )
    good = ("if ($rU != $null) { exit; }", "if ($var(found)) { exit; }", "if (!strempty($hdr(X))) { exit; }")

    def check(self, node: If | While, subject: Subject) -> Iterator[Found]:
        """Parts of a condition that are variables with text in them."""
        for leaf in leaves(node.condition):
            if not isinstance(leaf, Variable) or leaf.spec.transformations:
                continue
            if leaf.spec.name in TEXTUAL or leaf.spec.text in subject.texts:
                text = f"{leaf.spec.text} is text, and text is false unless it begins with a number"
                yield Found(leaf.span, text, f"write {leaf.spec.text} != $null", _fix(leaf, subject))


def _fix(leaf: Variable, subject: Subject) -> Fix:
    around = subject.tree.parent(leaf)
    if isinstance(around, Unary) and around.op == "!":
        return Fix("compare with $null", (Edit(around.span, f"{leaf.span.text()} == $null"),))
    return Fix("compare with $null", (Edit(behind(leaf.span), " != $null"),))
