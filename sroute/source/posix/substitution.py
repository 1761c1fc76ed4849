"""Substitutions written `/regular expression/replacement/flags`, the first character being the separator.

Flags: `g` every match, `i` without regard to case, `s` the whole text at once (else `^`, `$`, `.` and `[^...]` keep to
lines). In the replacement `\\0` is the match, `\\1` to `\\9` are its groups, `\\n`, `\\r`, `\\t` control characters, `\\u` is the
request URI, and `$` begins a variable, which the caller reads.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from sroute.errors import SrouteError
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import Finder, finder
from sroute.source.posix.walk import Spans

MOST_ESCAPES = 99
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "$": "$"}

V = TypeVar("V")
ReadVariable = Callable[[str, int], tuple[V, int]]


class BadSubstitution(SrouteError):
    """The expression is no substitution; the text says why, in Kamailio's words where it has some."""


class EmptyMatchError(SrouteError):
    """The pattern matched the empty text, upon which a substitution fails as a whole."""


@dataclass(frozen=True, slots=True)
class GroupText:
    """A piece of a replacement: what a group took; 0 is the whole match."""

    number: int


@dataclass(frozen=True, slots=True)
class UriText:
    """A piece of a replacement: the request URI."""


@dataclass(frozen=True, slots=True)
class Variable(Generic[V]):
    """A piece of a replacement: a variable as the caller read it."""

    value: V


@dataclass(frozen=True, slots=True)
class Substitution(Generic[V]):
    """A substitution ready to be applied; odd_escapes are characters behind a backslash that mean nothing."""

    finder: Finder
    pieces: "tuple[str | GroupText | UriText | Variable[V], ...]"
    every: bool
    odd_escapes: tuple[str, ...]

    def apply(self, text: str, expand: Callable[[V], str], uri: str = "") -> str | None:
        """The text with the first match, or every one, replaced; None when there is no match.

        EmptyMatchError when the pattern matches the empty text, also behind the last match with the flag `g`.
        """
        changes = self.changes(text, expand, uri)
        if not changes:
            return None
        parts: list[str] = []
        at = 0
        for start, end, new in changes:
            parts += (text[at:start], new)
            at = end
        parts.append(text[at:])
        return "".join(parts)

    def changes(self, text: str, expand: Callable[[V], str], uri: str = "") -> list[tuple[int, int, str]]:
        """What apply() replaces: offsets and new texts."""
        found = []
        for spans in self._matches(text):
            start, end = spans[0]
            if start == end:
                raise EmptyMatchError("matched string is empty, invalid regular expression?")
            found.append((start, end, "".join([self._expanded(piece, text, spans, expand, uri) for piece in self.pieces])))
        return found

    def _matches(self, text: str) -> Iterator[Spans]:
        """The matches up to the first empty one; behind a line end that was matched `^` matches again."""
        if not self.every:
            spans = self.finder.find(text, 0, False)
            if spans is not None:
                yield spans
            return
        at = -1
        for spans in self.finder.find_all(text):
            yield spans
            if text[spans[0][1] - 1] in "\r\n":
                at = spans[0][1]
                break
        while at >= 0 and (found := self.finder.find(text, at, text[at - 1] not in "\r\n")) is not None:
            yield found
            at = found[0][1]

    def _expanded(
        self, piece: "str | GroupText | UriText | Variable[V]", text: str, spans: Spans, expand: Callable[[V], str], uri: str
    ) -> str:
        match piece:
            case str():
                return piece
            case GroupText(number):
                start, end = spans[number] if number < len(spans) else (0, 0)
                return text[start:end] if end > 0 else ""
            case UriText():
                return uri
            case Variable(value):
                return expand(value)


def parse(expression: str, read_variable: ReadVariable[V]) -> Substitution[V]:
    """Reads a substitution; read_variable gets the text and the offset of a `$` and gives the variable and where it ends.

    BadSubstitution for a mistake in the form, BadPattern for one in the regular expression.
    """
    if len(expression) < 3:
        raise BadSubstitution("expression is too short")
    separator = expression[0]
    if separator == "\\":
        raise BadSubstitution("invalid separator char <\\>")
    end = _unescaped(expression, separator)
    if end < 0:
        raise BadSubstitution("no separator found")
    if end + 1 == len(expression):
        raise BadSubstitution("string too short")
    reader = _Replacement(expression, end + 1, separator, read_variable)
    pieces = reader.read()
    flags = _flags(expression[reader.at :])
    pattern = finder(expression[1:end], Flags(icase="i" in flags, newline="s" not in flags))
    return Substitution(pattern, pieces, "g" in flags, tuple(reader.odd_escapes))


def _unescaped(expression: str, separator: str) -> int:
    """The offset of the second separator; a backslash before it, even one that is itself escaped, makes it ordinary."""
    at = expression.find(separator, 1)
    while at > 0 and expression[at - 1] == "\\":
        at = expression.find(separator, at + 1)
    return at


def _flags(text: str) -> frozenset[str]:
    for char in text:
        if char not in "gis":
            raise BadSubstitution(f"unknown flag {char}")
    return frozenset(text)


class _Replacement(Generic[V]):
    """Reads a replacement up to its separator; `at` ends up behind it."""

    def __init__(self, expression: str, at: int, separator: str, read_variable: ReadVariable[V]) -> None:
        self.expression = expression
        self.at = at
        self.separator = separator
        self.read_variable = read_variable
        self.odd_escapes: list[str] = []
        self._pieces: list[str | GroupText | UriText | Variable[V]] = []
        self._text = ""
        self._special = 0

    def read(self) -> tuple[str | GroupText | UriText | Variable[V], ...]:
        while self.at < len(self.expression):
            char = self.expression[self.at]
            if char == "\\":
                self._escape()
            elif char == "$":
                self._count()
                value, self.at = self.read_variable(self.expression, self.at)
                self._add(Variable(value))
            elif char == self.separator:
                self.at += 1
                self._flush()
                return tuple(self._pieces)
            else:
                self._text += char
                self.at += 1
        raise BadSubstitution("missing separator")

    def _escape(self) -> None:
        char = self.expression[self.at + 1 : self.at + 2]
        self.at += 2
        if char and char in "0123456789":
            self._count()
            self._add(GroupText(int(char)))
        elif char == "u":
            self._count()
            self._add(UriText())
        elif char in _CONTROLS:
            self._count()
            self._text += _CONTROLS[char]
        else:
            self._text += char
            if char != self.separator:
                self.odd_escapes.append(char)

    def _count(self) -> None:
        self._special += 1
        if self._special > MOST_ESCAPES:
            raise BadSubstitution("too many escapes in the replace part")

    def _add(self, piece: GroupText | UriText | Variable[V]) -> None:
        self._flush()
        self._pieces.append(piece)

    def _flush(self) -> None:
        if self._text:
            self._pieces.append(self._text)
            self._text = ""
