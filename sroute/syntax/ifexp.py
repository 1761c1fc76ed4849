"""The expression language of `#!ifexp` and `#!defexp`, newer than 5.6: numbers that are 32-bit floats, and texts.

`+` and the comparisons take the type of their left operand; all other operators need numbers, but `&&` and `||`, for which any
text is true. A define with a value is always text, one without is 1, an undefined name 0.
"""

import re
import struct
from collections.abc import Callable, Mapping

Value = float | str
_TOKEN = re.compile(
    r"[ \t\r]*(?:(\d+(?:\.\d*)?|\.\d+)|(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|((?![0-9#])[A-Za-z0-9_$@\[\\\]{}~#]+)|(\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>&|^!=(),]))"
)
_END = re.compile(r"[ \t\r]*(?:#.*)?\Z", re.DOTALL)
_LEVELS = (
    *((",",), ("=",), ("||",), ("&&",), ("^",), ("|",), ("&",)),
    *(("<", "<=", ">", ">=", "==", "!="), ("<<", ">>"), ("+", "-"), ("*", "/", "%")),
)
_BINDS = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators} | {"**": len(_LEVELS)}
_RIGHT = ("=", "**")
_COMPARE: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
}
_MAX_DEPTH = 200


class ExpressionError(Exception):
    """An expression that fails: Kamailio logs it and takes it for false."""


class CrashError(ExpressionError):
    """An expression that makes Kamailio crash while it starts."""


def evaluate(text: str, defines: Mapping[str, str | None]) -> Value:
    """The value of an expression.

    Raises ExpressionError, and CrashError for what kills the real server.
    """
    return _Reader(_tokens(text), defines).whole()


def is_true(value: Value) -> bool:
    """A number other than 0, a text that is not empty."""
    return value != 0 if isinstance(value, float) else value != ""


def as_text(value: Value) -> str:
    """A value as `#!defexp` writes it: the integer part, a negative one unsigned."""
    return value if isinstance(value, str) else str(int(value) & (2**64 - 1))


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while _END.match(text, at) is None:
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError(f"{text[at:].strip()[:20]!r} can't stand in an expression")
        kind = ("number", "text", "name", "sign")[(match.lastindex or 1) - 1]
        found.append((kind, match[match.lastindex or 1]))
        if kind == "sign" and match[4] in "-!^" and (len(found) == 1 or found[-2][0] == "sign" != found[-2][1] != ")"):
            if text[match.end() : match.end() + 1].isspace():
                raise ExpressionError(f"a blank can't follow the sign {match[4]}")
        at = match.end()
    return found


def single(number: float) -> float:
    """A number as a 32-bit float holds it."""
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


class _Reader:
    """Reads and evaluates tokens by the precedence of operators."""

    def __init__(self, tokens: list[tuple[str, str]], defines: Mapping[str, str | None]) -> None:
        self.tokens = tokens
        self.defines = defines
        self.local: dict[str, Value] = {}
        self.at = 0
        self.depth = 0

    def whole(self) -> Value:
        value = self.binary(0)
        if self.at < len(self.tokens):
            raise ExpressionError(f"{self.tokens[self.at][1]!r} can't stand there")
        return value

    def take(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise ExpressionError("the expression is not complete")
        self.at += 1
        return self.tokens[self.at - 1]

    def sign(self) -> str:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return text if kind == "sign" else ""

    def binary(self, least: int) -> Value:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ExpressionError("it is nested too deeply")
        begin = self.at
        left = self.prefix()
        while (binds := _BINDS.get(operator := self.sign(), -1)) >= least:
            self.at += 1
            right = self.binary(binds if operator in _RIGHT else binds + 1)
            if operator == "=":
                self.local[self.tokens[begin][1]] = right
            left = right if operator in ("=", ",") else apply(operator, left, right)
        self.depth -= 1
        return left

    def prefix(self) -> Value:
        operator = self.sign()
        if operator not in ("-", "!", "^") or not operator:
            return self.primary()
        self.at += 1
        behind_and = self.at >= 2 and self.tokens[self.at - 2][1] in ("&&", "||")
        value = self.prefix()
        if isinstance(value, str):
            if behind_and and operator == "!":
                raise CrashError(f"Kamailio crashes at {operator} before a text behind && or ||")
            raise ExpressionError(f"{operator} needs a number")
        if operator == "^":
            return single(~int(value))
        return -value if operator == "-" else single(value == 0)

    def primary(self) -> Value:
        kind, text = self.take()
        if kind == "number":
            return single(float(text))
        if kind == "text":
            return re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m[1], m[1]), text[1:-1], flags=re.DOTALL)
        if kind == "name":
            if self.sign() == "(":
                raise CrashError(f"Kamailio crashes at a name before a parenthesis: {text}(")
            return self.named(text)
        if text != "(":
            raise ExpressionError(f"{text!r} can't stand there")
        value = self.binary(0)
        if self.take() != ("sign", ")"):
            raise ExpressionError("a ) is missing")
        return value

    def named(self, name: str) -> Value:
        if name in self.local:
            return self.local[name]
        if name not in self.defines:
            return 0.0
        value = self.defines[name]
        if value is None:
            return 1.0
        quoted = len(value) >= 2 and value[0] in "\"'" and value[0] == value[-1]
        return value[1:-1] if quoted else value


def _number(value: Value) -> float | None:
    """The right side of `+` or a comparison with a number on the left; None for a text that is none."""
    if isinstance(value, float):
        return value
    match = re.match(r"\s*[+-]?\d+(?:\.\d*)?", value)
    return single(float(match[0])) if match else None


def _written(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:g}" if value != int(value) else str(int(value))


def apply(operator: str, left: Value, right: Value) -> Value:
    """A binary operator.

    Raises ExpressionError where one operand is a text and must not be, and for a division by zero.
    """
    if operator in ("&&", "||"):
        truths = [value != 0 if isinstance(value, float) else True for value in (left, right)]
        return single(all(truths) if operator == "&&" else any(truths))
    if operator in _COMPARE:
        if isinstance(left, str):
            other = _written(right)
            order = (left > other) - (left < other)
        else:
            number = _number(right)
            if number is None:
                return single(operator == "!=")
            order = (left > number) - (left < number)
        return single(_COMPARE[operator](order))
    if operator == "+":
        return left + _written(right) if isinstance(left, str) else single(left + (_number(right) or 0.0))
    if isinstance(left, str) or isinstance(right, str):
        raise ExpressionError(f"{operator} needs numbers on both sides")
    return single(_arithmetic(operator, left, right))


def _arithmetic(operator: str, left: float, right: float) -> float:
    try:
        match operator:
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case "%":
                return float(left % right)
            case "**":
                return float(left**right)
            case "<<" | ">>" if not 0 <= right < 64:
                raise ExpressionError(f"{operator} by {right:g}")
            case "<<":
                return int(left) << int(right)
            case ">>":
                return int(left) >> int(right)
            case "&":
                return int(left) & int(right)
            case "|":
                return int(left) | int(right)
    except ZeroDivisionError:
        raise ExpressionError("division by zero") from None
    except (OverflowError, TypeError):
        raise ExpressionError("the result is no number") from None
    return int(left) ^ int(right)
