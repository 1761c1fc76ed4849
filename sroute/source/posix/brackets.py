"""Bracket expressions: `[a-z]`, `[^[:space:]]`, `[[.-.]x]`."""

from dataclasses import dataclass

from sroute.source.posix import charsets
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags

_OPENERS = ".=:"
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class _Element:
    """One thing in brackets: a byte that may begin or end a range, or a set that may not (byte is None)."""

    chars: int
    byte: int | None


class BracketReader:
    """Reads one bracket expression; `at` ends up behind its closing bracket."""

    __slots__ = ("at", "flags", "pattern", "start")

    def __init__(self, pattern: str, start: int, flags: Flags) -> None:
        """start is the offset of the opening bracket."""
        self.pattern = pattern
        self.start = start
        self.at = start + 1
        self.flags = flags

    def read(self) -> int:
        """The set of bytes that the brackets match."""
        negated = self.pattern[self.at : self.at + 1] == "^"
        if negated:
            self.at += 1
        chars = self._items()
        if negated:
            chars = charsets.ALL & ~(chars | (charsets.NEWLINE if self.flags.newline else 0))
        return charsets.fold(chars) if self.flags.icase else chars

    def _items(self) -> int:
        chars = 0
        first = True
        while first or not self._closes(self.at):
            chars |= self._item(first)
            first = False
        self.at += 1
        return chars

    def _item(self, first: bool) -> int:
        """One element, or a range; a hyphen is an ordinary character only at either end or as an end of a range."""
        begin = self.at
        element = self._element(hyphen=first)
        if element.byte is None or self._peek(self.at) != "-" or self._closes(self.at + 1):
            return element.chars
        self.at += 1
        last = self._element(hyphen=True)
        if last.byte is None or last.byte < element.byte:
            raise BadPattern("invalid range end", begin)
        return charsets.span(element.byte, last.byte)

    def _element(self, hyphen: bool) -> _Element:
        char = self._peek(self.at)
        if char == "[" and self.at + 1 < len(self.pattern) and self.pattern[self.at + 1] in _OPENERS:
            return self._named(self.pattern[self.at + 1])
        if char == "-" and not hyphen and not self._closes(self.at + 1):
            raise BadPattern("invalid range end", self.at)
        self.at += 1
        return self._byte(char)

    def _byte(self, char: str) -> _Element:
        code = ord(char)
        if self.flags.icase and "a" <= char <= "z":
            code -= 32
        return _Element(1 << code, code)

    def _named(self, kind: str) -> _Element:
        """`[:class:]`, `[=x=]` or `[.x.]`; in the C locale an equivalence class or a collating element is one character."""
        begin = self.at
        end = self.pattern.find(kind + "]", begin + 2)
        if end < 0 or end - begin - 2 > _LONGEST_NAME:
            raise self._unmatched()
        name = self.pattern[begin + 2 : end]
        self.at = end + 2
        if kind == ":":
            return _Element(self._class(name, begin), None)
        if len(name) != 1:
            raise BadPattern(f"no such collating element: {name}", begin)
        element = self._byte(name)
        return element if kind == "." else _Element(element.chars, None)

    def _class(self, name: str, begin: int) -> int:
        if name not in charsets.CLASSES:
            raise BadPattern(f"no such character class: {name}", begin)
        if self.flags.icase and name in ("lower", "upper"):
            name = "alpha"
        return charsets.CLASSES[name]

    def _peek(self, at: int) -> str:
        if at >= len(self.pattern):
            raise self._unmatched()
        return self.pattern[at]

    def _closes(self, at: int) -> bool:
        return self._peek(at) == "]"

    def _unmatched(self) -> BadPattern:
        return BadPattern("[ without ]", self.start)
