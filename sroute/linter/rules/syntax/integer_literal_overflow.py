"""SY025."""

from collections.abc import Iterator

from sroute.linter.directives import written
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Literal


class IntegerLiteralOverflow(NodeRule[Literal]):
    """A number does not fit into 32 bits.

    It is cut without a word: `2147483648` is -2147483648, `99999999999` is 1215752191.
    """

    code = "SY025"
    nodes = (Literal,)
    bad = (Bad("$var(x) = 2147483648;", ("2147483648",)),)
    good = ("$var(x) = 2147483647;", '$var(x) = "99999999999";')

    def check(self, node: Literal, subject: Subject) -> Iterator[Found]:
        """Digits that say another number than what is left of it."""
        text = written(subject, node.span).text() if isinstance(node.value, int) else ""
        if text.isdigit() and text[:1] != "0" and text != str(node.value):
            yield Found(node.span, f"this does not fit into 32 bits: it is {node.value}")
