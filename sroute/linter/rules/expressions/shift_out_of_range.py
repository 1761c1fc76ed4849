"""EX021."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary


class ShiftOutOfRange(NodeRule[Binary]):
    """A number is shifted by more bits than it has.

    Integers have 32 bits, and only the lowest five bits of the count are looked at: `1 << 65` is 2. `1 << 31` is the sign, so the
    result is negative.
    """

    code = "EX021"
    nodes = (Binary,)
    bad = (Bad("$var(x) = 1 << 65;", ("1 << 65",)), Bad("$var(x) = 1 << 31;", ("1 << 31",)))
    good = ("$var(x) = 1 << 30;", "$var(x) = $var(y) >> 31;")

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A constant count that is too high, or a shift into the sign."""
        count = subject.value(node.right) if node.op in ("<<", ">>") else None
        bits = subject.program.dialect.int_bits
        if not isinstance(count, int):
            return
        if not 0 <= count < bits:
            yield Found(node.span, f"only {count % bits} bits are shifted here: the count is taken modulo {bits}")
        elif node.op == "<<" and subject.value(node.left) == 1 and count == bits - 1:
            yield Found(node.span, f"bit {count} is the sign: the result is negative")
