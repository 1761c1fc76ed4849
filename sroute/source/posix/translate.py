"""Writes a pattern in the syntax of Python's `re` or of RE2; the tree has its case folding already in its sets."""

from dataclasses import dataclass
from functools import lru_cache

from sroute.source.posix import charsets
from sroute.source.posix.nodes import Assertion, BackReference, Choice, Empty, Flags, Group, Node, OneOf, Place, Repeat, Sequence

_ESCAPED = frozenset("\\^$.|?*+()[]{}-&~#")


@dataclass(frozen=True, slots=True)
class Syntax:
    """What an engine writes in its own way: a set without members, a back-reference, the assertions that it has."""

    nothing: str
    reference: str
    places: dict[Place, str]


# `\B` of Python 3.11 does not match in the empty text, glibc's does.
_PYTHON = {
    Place.TEXT_START: r"\A",
    Place.TEXT_END: r"\Z",
    Place.LINE_START: r"\A",
    Place.LINE_END: r"\Z",
    Place.WORD_EDGE: r"\b",
    Place.NOT_WORD_EDGE: r"(?!\b)",
    Place.WORD_START: r"\b(?=\w)",
    Place.WORD_END: r"\b(?<=\w)",
}
_RE2 = {
    Place.TEXT_START: r"\A",
    Place.TEXT_END: r"\z",
    Place.LINE_START: r"\A",
    Place.LINE_END: r"\z",
    Place.WORD_EDGE: r"\b",
    Place.NOT_WORD_EDGE: r"\B",
}
_LINES = {Place.LINE_START: "(?m:^)", Place.LINE_END: "(?m:$)"}


def python(flags: Flags, *, notbol: bool = False) -> Syntax:
    """The syntax of Python's `re` with the flags DOTALL and ASCII; with notbol the start of the text starts no line."""
    places = _PYTHON | _LINES if flags.newline else _PYTHON
    if notbol:
        places = places | {Place.LINE_START: r"(?<=\n)" if flags.newline else "(?!)"}
    return Syntax("(?!)", "(?i:\\{})" if flags.icase else "(?:\\{})", places)


def re2(flags: Flags) -> Syntax:
    """The syntax of RE2 with `dot_nl` and Latin-1; it has no back-references and can't look at a character beside."""
    return Syntax(r"[^\x00-\xff]", "", _RE2 | _LINES if flags.newline else _RE2)


class Untranslatable(Exception):
    """The engine has no words for a part of the pattern."""


def translate(node: Node, syntax: Syntax) -> str:
    """The pattern in that syntax; `.` must match every character there. Groups are kept as they are in the tree."""
    return "|".join(_branch(branch, syntax) for branch in _branches(node))


def _branches(node: Node) -> tuple[Node, ...]:
    return node.branches if isinstance(node, Choice) else (node,)


def _branch(node: Node, syntax: Syntax) -> str:
    match node:
        case Empty():
            return ""
        case OneOf(chars):
            return _set(chars, syntax.nothing)
        case Assertion(place):
            if place not in syntax.places:
                raise Untranslatable(place)
            return syntax.places[place]
        case BackReference(group):
            if not syntax.reference:
                raise Untranslatable(group)
            return syntax.reference.format(group)
        case Group(_, body):
            return f"({translate(body, syntax)})"
        case Sequence(parts):
            return "".join(_part(part, syntax) for part in parts)
        case Choice():
            return f"(?:{translate(node, syntax)})"
        case Repeat(body, low, high):
            return _repeated(body, syntax) + _count(low, high)


def _part(node: Node, syntax: Syntax) -> str:
    return f"(?:{translate(node, syntax)})" if isinstance(node, Choice) else _branch(node, syntax)


def _repeated(body: Node, syntax: Syntax) -> str:
    text = _branch(body, syntax)
    return text if isinstance(body, OneOf | Group | BackReference | Choice) else f"(?:{text})"


def _count(low: int, high: int | None) -> str:
    match low, high:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{low},}}"
        case _:
            return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


@lru_cache(maxsize=512)
def _set(chars: int, nothing: str) -> str:
    if chars == charsets.ALL:
        return "."
    if not chars:
        return nothing
    if not chars & (chars - 1):
        return _char(chars.bit_length() - 1)
    if chars.bit_count() > 128:
        return f"[^{_ranges(charsets.ALL & ~chars)}]"
    return f"[{_ranges(chars)}]"


def _ranges(chars: int) -> str:
    return "".join(_char(first) if first == last else f"{_char(first)}-{_char(last)}" for first, last in charsets.runs(chars))


def _char(code: int) -> str:
    char = chr(code)
    if char in _ESCAPED:
        return "\\" + char
    return char if " " < char <= "~" else f"\\x{code:02x}"
