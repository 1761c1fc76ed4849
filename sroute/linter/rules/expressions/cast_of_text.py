"""EX020."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.runtime.values import parse_int
from sroute.syntax.nodes import Literal, Unary


class CastOfText(NodeRule[Unary]):
    """A text that is no number is cast to a number.

    The result is 0, and Kamailio warns at start.
    """

    code = "EX020"
    stage = "start warns"
    nodes = (Unary,)
    bad = (Bad('$var(x) = (int)"abc";', ('(int)"abc"',)),)
    good = ('$var(x) = (int)"12";', "$var(x) = (int)$rU;")

    def check(self, node: Unary, subject: Subject) -> Iterator[Found]:
        """A constant text behind `(int)`."""
        value = node.operand.value if isinstance(node.operand, Literal) else None
        if node.op == "(int)" and isinstance(value, str) and value and parse_int(value) is None:
            yield Found(node.span, "this text is no number: the cast gives 0")
