"""EX003."""

import re
from collections.abc import Iterator

from sroute.linter.knowledge import TEXTUAL
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.spans import before
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Literal, Variable

_NUMBER = re.compile(r"[+-]?[0-9]+\Z")
PORTS = frozenset(["rp", "sp", "fti", "dp", "op", "oP", "rs", "cs", "ml", "bs", "TS"])
COUNTED = frozenset(["rp", "op", "dp"])


class PlusTypeByLeftSide(NodeRule[Binary]):
    """`+` joins two texts where a sum was meant, or the reverse.

    The left operand decides: `"10" + 1` is the text `101`, `1 + "10"` is 11. A port of a URI is text as well: `$rp + 1` is `50601`.
    Cast the left side with `(int)`.
    """

    code = "EX003"
    nodes = (Binary,)
    bad = (
        Bad('$var(x) = "10" + 1;', ('"10" + 1',), '$var(x) = (int)"10" + 1;'),
        Bad("$var(port) = $rp + 1;", ("$rp + 1",), "$var(port) = (int)$rp + 1;"),
    )
    good = ('$var(x) = "sip:" + 1;', "$var(x) = (int)$rp + 1;", "$var(x) = $var(n) + 1;")

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A number behind a text that is or holds a number."""
        if node.op != "+" or not isinstance(subject.value(node.right), int) or _goes_on(node, subject):
            return
        left = node.left
        value = subject.value(left) if isinstance(left, Literal | Variable) else None
        numeric = isinstance(value, str) and _NUMBER.match(value)
        port = isinstance(left, Variable) and not left.spec.transformations and left.spec.name in COUNTED | (TEXTUAL & PORTS)
        if numeric or port:
            fix = Fix("cast the left side", (Edit(before(left.span), "(int)"),))
            text = f"this joins texts: {left.span.text()} is text, and the left side decides"
            yield Found(node.span, text, "cast it with (int)", fix)


def _goes_on(node: Binary, subject: Subject) -> bool:
    """Whether more text is joined to the result."""
    around = subject.tree.parent(node)
    return isinstance(around, Binary) and around.op == "+" and around.left is node
