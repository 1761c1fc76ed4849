"""JSON texts as the json module of Kamailio reads and writes them: json-c, which forgives a good deal."""

import re
from collections.abc import Callable
from typing import TypeAlias

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str
"""A value; a `Literal` is a text that is written out bare."""

_BLANK = re.compile(r"(?:[ \t\r\n\f\v]|/\*.*?\*/|//[^\n]*)*", re.S)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?")
_WORD = re.compile(r"null|true|false|nan|-?infinity", re.I)
_WORDS = {"nan": "NaN", "infinity": "Infinity", "-infinity": "-Infinity"}
_STRING_END = {'"': re.compile(r"[\\\"]"), "'": re.compile(r"[\\']")}
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\"'\\/bfnrt])")
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WRITTEN = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "/": "\\/"}
_DEEPEST = 32
_INT, _UNSIGNED = 1 << 63, 1 << 64


class Literal(str):
    """A number, `true`, `false` or `null` as it is written out."""

    __slots__ = ()


NULL = Literal("null")


class _Bad(Exception):
    """The text is no JSON."""


def parse(text: str) -> Json | None:
    """The value that a text begins with; None when it is none. What follows the value is ignored."""
    try:
        return _value(text, _skip(text, 0), 1)[0]
    except _Bad:
        return None


def written(value: Json) -> str:
    """The text of a value, with blanks inside of brackets."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(_WRITTEN.get(char) or (char if char >= " " else f"\\u{ord(char):04x}") for char in value) + '"'
    if isinstance(value, dict):
        inside = ", ".join(f"{written(name)}: {written(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{ }"
    inside = ", ".join(map(written, value))
    return f"[ {inside} ]" if inside else "[ ]"


def plain(value: Json) -> str:
    """The text of a value without the quotes of a string, up to a NUL; nothing for null."""
    if isinstance(value, Literal):
        return "" if value == NULL else str(value)
    return value.partition("\0")[0] if isinstance(value, str) else written(value)


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int) -> tuple[Json, int]:
    if depth > _DEEPEST:
        raise _Bad
    first = text[at : at + 1]
    if first and first in "\"'":
        return _string(text, at)
    if first == "{":
        return _object(text, at, depth)
    if first == "[":
        return _array(text, at, depth)
    word = _WORD.match(text, at)
    if word is not None:
        known = word[0].lower()
        return Literal(_WORDS.get(known, known)), word.end()
    number = _NUMBER.match(text, at)
    if number is None:
        raise _Bad
    return _number(number[0]), number.end()


def _number(digits: str) -> Literal:
    """Whole numbers are kept within 64 bits, others as they are written."""
    digits = digits.rstrip("+-").rstrip("eE")
    if not digits.removeprefix("-").isdigit():
        return Literal(digits)
    if len(digits) > 21:
        return Literal(str(-_INT if digits.startswith("-") else _UNSIGNED - 1))
    return Literal(str(max(-_INT, min(int(digits), _UNSIGNED - 1))))


def _string(text: str, at: int) -> tuple[str, int]:
    quote, at = text[at], at + 1
    found: list[str] = []
    while True:
        stop = _STRING_END[quote].search(text, at)
        if stop is None:
            raise _Bad
        end = stop.start()
        found.append(text[at:end])
        if text[end] == quote:
            return "".join(found), end + 1
        escape = _ESCAPE.match(text, end)
        if escape is None:
            raise _Bad
        found.append(_unescaped(escape[0]))
        at = escape.end()


def _unescaped(escape: str) -> str:
    if escape[1] == "u":
        code = int(escape[2:6], 16)
        if len(escape) > 6:
            code = 0x10000 + ((code - 0xD800) << 10) + int(escape[8:], 16) - 0xDC00
        return "\ufffd".encode().decode("latin-1") if 0xD800 <= code < 0xE000 else chr(code).encode().decode("latin-1")
    return _SIMPLE.get(escape[1], escape[1])


def _object(text: str, at: int, depth: int) -> tuple[Json, int]:
    found: dict[str, Json] = {}

    def member(at: int) -> int:
        if text[at : at + 1] not in ('"', "'"):
            raise _Bad
        name, at = _string(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise _Bad
        found[name], at = _value(text, _skip(text, at + 1), depth + 1)
        return at

    return found, _items(text, at, "}", member)


def _array(text: str, at: int, depth: int) -> tuple[Json, int]:
    found: list[Json] = []

    def element(at: int) -> int:
        value, at = _value(text, at, depth + 1)
        found.append(value)
        return at

    return found, _items(text, at, "]", element)


def _items(text: str, at: int, close: str, take: Callable[[int], int]) -> int:
    """Takes what stands between brackets, commas between; a last comma is forgiven."""
    at = _skip(text, at + 1)
    while text[at : at + 1] != close:
        at = _skip(text, take(at))
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != close:
            raise _Bad
    return at + 1
