"""An open document: its text as the editor has it, and as sroute reads it, where a character is a byte."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sroute.source.text import Span


@dataclass(frozen=True)
class Document:
    """A version of a document. Places of the protocol are (line, UTF-16 units), both from 0."""

    uri: str
    text: str

    @property
    def path(self) -> str:
        """The file that it is, for include files beside it."""
        parts = urlsplit(self.uri)
        return unquote(parts.path) if parts.scheme == "file" else Path(unquote(parts.path)).name or "script.cfg"

    @cached_property
    def script(self) -> str:
        """The text as latin-1: a character is a byte."""
        return self.text.encode("utf-8", "surrogateescape").decode("latin-1")

    @cached_property
    def _lines(self) -> list[str]:
        return self.script.split("\n")

    def offset(self, line: int, character: int) -> int:
        """The offset in the script of a place of the protocol; beyond the end of a line it is that end."""
        line = min(max(line, 0), len(self._lines) - 1)
        written = _decoded(self._lines[line])
        before = written.encode("utf-16-le")[: 2 * max(character, 0)].decode("utf-16-le", "ignore")
        return sum(len(known) + 1 for known in self._lines[:line]) + len(before.encode("utf-8", "surrogateescape"))

    def place(self, line: int, column: int) -> tuple[int, int]:
        """A line and a column of sroute, both from 1, as a place of the protocol."""
        known = self._lines[line - 1] if line <= len(self._lines) else ""
        return line - 1, len(_decoded(known[: column - 1]).encode("utf-16-le", "surrogatepass")) // 2

    def range(self, span: Span | None) -> tuple[tuple[int, int], tuple[int, int]]:
        """A span as two places; the first character where there is none."""
        if span is None:
            return (0, 0), (0, 1)
        return self.place(span.begin.line, span.begin.column), self.place(span.finish.line, span.finish.column)

    def at(self, offset: int) -> tuple[int, int]:
        """An offset of the script as a place of the protocol."""
        before = self.script[:offset]
        return self.place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _decoded(line: str) -> str:
    return line.encode("latin-1").decode("utf-8", "replace")
