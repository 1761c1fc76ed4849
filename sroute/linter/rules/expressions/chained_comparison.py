"""EX019."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.spans import parenthesized
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary

COMPARES = frozenset(["==", "!=", "<", "<=", ">", ">="])


class ChainedComparison(NodeRule[Binary]):
    """Comparisons are chained.

    `1 < $var(x) < 5` compares the result of the first comparison, 0 or 1, with 5: it is always true. Join two comparisons with
    `&&`.
    """

    code = "EX019"
    nodes = (Binary,)
    bad = (Bad("if (1 < $var(x) < 5) { exit; }", ("1 < $var(x) < 5",)),)
    good = ("if (1 < $var(x) && $var(x) < 5) { exit; }", "if (($var(x) == 1) == 1) { exit; }")

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A comparison as the left side of another one."""
        left = node.left
        if node.op in COMPARES and isinstance(left, Binary) and left.op in COMPARES and not parenthesized(left.span):
            yield Found(node.span, "this compares the result of the first comparison, which is 0 or 1", "join two comparisons with &&")
