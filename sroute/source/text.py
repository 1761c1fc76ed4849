"""A source text and places in it."""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Position:
    """A place for people: line and column, both from 1; a tab counts 1."""

    line: int
    column: int


@dataclass(frozen=True, eq=False)
class Source:
    """One file as the user wrote it; text is latin-1 (one character is one byte)."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset into the text."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line end."""
        starts = self._starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source: offsets start (inclusive) and end (exclusive)."""

    source: Source
    start: int
    end: int

    @property
    def begin(self) -> Position:
        """Where the span begins."""
        return self.source.position(self.start)

    @property
    def finish(self) -> Position:
        """The position just behind the last character."""
        return self.source.position(self.end)

    @property
    def line(self) -> int:
        """The line on which the span begins."""
        return self.source.position(self.start).line

    def to(self, other: "Span") -> "Span":
        """The span from here to the end of another one; just this one if the other is in another file or before."""
        if other.source is self.source and other.end >= self.end:
            return Span(self.source, self.start, other.end)
        return self

    def text(self) -> str:
        """The text that the span covers."""
        return self.source.text[self.start : self.end]
