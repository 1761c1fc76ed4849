"""EX009."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary


class DivisionByZero(NodeRule[Binary]):
    """Something is divided by zero.

    Kamailio logs `rv div by 0`, and the statement does nothing: the variable keeps its old value. A constant one is logged at
    start, too.
    """

    code = "EX009"
    stage = "start warns"
    nodes = (Binary,)
    bad = (Bad("$var(x) = 5 / 0;", ("5 / 0",)), Bad("$var(x) = $var(y) mod 0;", ("$var(y) mod 0",)))
    good = ("$var(x) = 5 / 2;",)

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A constant zero behind `/` or `mod`."""
        if node.op in ("/", "mod") and subject.value(node.right) == 0:
            yield Found(node.span, "this is a division by zero: the statement does nothing")
