"""Constant folding, as Kamailio does it when it fixes a script (language reference 5.5)."""

from collections.abc import Callable

from sroute.runtime.regex import BadPattern, searcher
from sroute.runtime.values import parse_int, to_str, wrapper
from sroute.syntax.nodes import Binary, Expression, Literal, Unary, Variable

ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "|": lambda a, b: a | b,
    "&": lambda a, b: a & b,
    "^": lambda a, b: a ^ b,
    "<": lambda a, b: int(a < b),
    "<=": lambda a, b: int(a <= b),
    ">": lambda a, b: int(a > b),
    ">=": lambda a, b: int(a >= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "ieq": lambda a, b: int(a == b),
    "ine": lambda a, b: int(a != b),
    "&&": lambda a, b: int(bool(a) and bool(b)),
    "||": lambda a, b: int(bool(a) or bool(b)),
}


class Constants:
    """Folds expressions and remembers the results, so that no part is folded twice; the tree must outlive it.

    With decided also what a constant on one side decides (`x * 0`, `x && 0`, `1 || x`, `0 / x`) is constant, as it is for
    Kamailio once the script is fixed.
    """

    __slots__ = ("_bits", "_decided", "_known", "_wrap")

    def __init__(self, *, bits: int = 32, decided: bool = False) -> None:
        """Nothing is folded yet; bits is the width of integers."""
        self._known: dict[int, int | str | None] = {}
        self._decided = decided
        self._bits = bits
        self._wrap = wrapper(bits)

    def of(self, expression: Expression) -> int | str | None:
        """The value of an expression made of literals only; None when it is not constant or has no value."""
        if isinstance(expression, Literal):
            return expression.value
        if not isinstance(expression, Binary | Unary):
            return None
        known = self._known
        if id(expression) not in known:
            self._fold(expression)
        return known[id(expression)]

    def _fold(self, root: Expression) -> None:
        known, stack, order = self._known, [root], []
        while stack:
            node = stack.pop()
            if not isinstance(node, Binary | Unary) or id(node) in known:
                continue
            order.append(node)
            stack += (node.left, node.right) if isinstance(node, Binary) else (node.operand,)
        for node in reversed(order):
            known[id(node)] = self._value(node)

    def _value(self, node: Binary | Unary) -> int | str | None:
        if isinstance(node, Unary):
            operand = self.of(node.operand)
            return None if operand is None else self._unary(node.op, operand)
        left, right = self.of(node.left), self.of(node.right)
        if self._decided and right is None and isinstance(left, str) and is_null(node.right):
            return {"==": 0, "eq": 0, "ieq": 0, "!=": 1, "ne": 1, "ine": 1}.get(node.op)
        if self._decided and node.op == "=~" and isinstance(left, str) and isinstance(right, str):
            return _matches(left, right)
        if self._decided and (left is None) != (right is None):
            return _decided(node.op, left, right)
        return None if left is None or right is None else self._binary(node.op, left, right)

    def _int(self, value: int | str) -> int | None:
        return value if isinstance(value, int) else parse_int(value, self._bits)

    def _unary(self, op: str, value: int | str) -> int | str | None:
        if op in ("defined", "(str)", "strlen", "strempty"):
            text = to_str(value)
            as_text: dict[str, int | str] = {"defined": 1, "(str)": text, "strlen": len(text), "strempty": int(not text)}
            return as_text[op]
        number = self._int(value)
        if number is None:
            return 0 if op == "(int)" and self._bits == 32 else None
        return {"!": int(not number), "-": self._wrap(-number), "~": ~number, "(int)": number}[op]

    def _binary(self, op: str, left: int | str, right: int | str) -> int | str | None:
        if op == "+" and isinstance(left, str):
            return left + to_str(right)
        if op in ("eq", "ne") or (op in ("==", "!=") and isinstance(left, str)):
            return int((to_str(left) == to_str(right)) == (op in ("eq", "==")))
        a, b = self._int(left), self._int(right)
        if a is None or b is None:
            return None
        if op in ("/", "mod"):
            return self._wrap(divide(op, a, b)) if b else None
        if op in ("<<", ">>"):
            count = b & (self._bits - 1)
            return self._wrap(a << count) if op == "<<" else a >> count
        return self._wrap(ARITHMETIC[op](a, b)) if op in ARITHMETIC else None


def is_null(node: Expression) -> bool:
    """Whether it is the literal `$null`."""
    return isinstance(node, Variable) and node.spec.name == "null" and not node.spec.transformations


def _matches(text: str, pattern: str) -> int | None:
    try:
        return int(bool(searcher(pattern)(text)))
    except BadPattern:
        return None


def _decided(op: str, left: int | str | None, right: int | str | None) -> int | None:
    """The value that a constant on one side gives to the whole, whatever the other side is."""
    known = left if right is None else right
    if op in ("*", "&", "&&") and known == 0:
        return 0
    if op in ("/", "mod") and left == 0:
        return 0
    return 1 if op == "||" and known == 1 else None


def divide(op: str, a: int, b: int) -> int:
    """`/` truncates towards zero, `mod` has the sign of the left side; b is not 0."""
    quotient = abs(a) // abs(b)
    if (a < 0) != (b < 0):
        quotient = -quotient
    return quotient if op == "/" else a - b * quotient
