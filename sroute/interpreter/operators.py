"""The operators on values that are ready: one place for their meaning (language reference 5.4)."""

from collections.abc import Callable

from sroute.resolve.constants import divide
from sroute.runtime.flow import EvalError
from sroute.runtime.values import wrapper

IntOp = Callable[[int, int], int]


def int_operators(bits: int) -> dict[str, IntOp]:
    """Operators whose operands are ints, for integers of that width."""
    wrap = wrapper(bits)
    mask = bits - 1

    def checked(op: str) -> IntOp:
        word = "div" if op == "/" else "mod"

        def apply(a: int, b: int) -> int:
            if b == 0:
                raise EvalError(f"rv {word} by 0")
            return wrap(divide(op, a, b))

        return apply

    return {
        "-": lambda a, b: wrap(a - b),
        "*": lambda a, b: wrap(a * b),
        "/": checked("/"),
        "mod": checked("mod"),
        "|": lambda a, b: a | b,
        "&": lambda a, b: a & b,
        "^": lambda a, b: a ^ b,
        "<<": lambda a, b: wrap(a << (b & mask)),
        ">>": lambda a, b: a >> (b & mask),
        "<": lambda a, b: 1 if a < b else 0,
        "<=": lambda a, b: 1 if a <= b else 0,
        ">": lambda a, b: 1 if a > b else 0,
        ">=": lambda a, b: 1 if a >= b else 0,
        "ieq": lambda a, b: 1 if a == b else 0,
        "ine": lambda a, b: 1 if a != b else 0,
        "&&": lambda a, b: 1 if a and b else 0,
        "||": lambda a, b: 1 if a or b else 0,
    }


FAILING = frozenset(["/", "mod"])
"""Operators that may leave an expression without a value."""
