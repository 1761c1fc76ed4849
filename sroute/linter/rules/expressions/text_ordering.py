"""EX025."""

from collections.abc import Iterator

from sroute.linter.knowledge import TEXTUAL
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Expression, Variable

ORDER = frozenset(["<", "<=", ">", ">="])
NUMBERS = frozenset(["rp", "op", "dp", "cs", "rs", "sp", "mb", "Ri", "ml", "sdp", "au", "ct"])


class TextOrdering(NodeRule[Binary]):
    """`<` or `>` stands between two texts, and compares numbers.

    Texts are converted first: `"10"` is greater than `"9"`, and a text that is no number counts as 0, with a warning in the log each
    time. `cmp_str()` compares texts.
    """

    code = "EX025"
    stage = "run"
    nodes = (Binary,)
    bad = (Bad("if ($rU < $fU) { exit; }", ("$rU < $fU",)), Bad("if ($rd >= $fd) { exit; }", ("$rd >= $fd",)))
    good = ("if ($(rU{s.len}) < $(fU{s.len})) { exit; }", "if ($rp < $sp) { exit; }", 'if (cmp_str("$rU", "$fU")) { exit; }')

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """Two variables that hold text."""
        if node.op in ORDER and _is_text(node.left, subject) and _is_text(node.right, subject):
            yield Found(node.span, "this compares numbers: a text that is none counts as 0", "use cmp_str()")


def _is_text(node: Expression, subject: Subject) -> bool:
    if not isinstance(node, Variable) or node.spec.transformations:
        return False
    return node.spec.text in subject.texts or (node.spec.name in TEXTUAL - NUMBERS and node.spec.name != "hdr")
