"""Where each piece of a made text came from."""

from bisect import bisect_right
from dataclasses import dataclass

from sroute.source.text import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a made text, from an offset on, and the place that it came from."""

    start: int
    origin: Span


@dataclass(frozen=True)
class Made:
    """A text put together from pieces of other texts, such as a script after preprocessing."""

    text: str
    pieces: tuple[Piece, ...]

    def origin(self, offset: int) -> Span | None:
        """The place that the text at an offset came from; None before the first piece."""
        found = bisect_right(self.pieces, offset, key=lambda piece: piece.start)
        return self.pieces[found - 1].origin if found else None

    def lines(self) -> list[tuple[Span | None, str]]:
        """The lines of the text, each with the place that its first piece came from."""
        found: list[tuple[Span | None, str]] = []
        start = 0
        for line in self.text.splitlines(keepends=True):
            body = line.rstrip("\n")
            found.append((self.origin(start + len(body) - len(body.lstrip())), body))
            start += len(line)
        return found
