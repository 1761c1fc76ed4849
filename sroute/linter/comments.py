"""The comments of a file, outside of strings and directives."""

import re
from collections.abc import Iterator

from sroute.source.text import Source, Span

_PART = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|\'[^\'\n]*+\'|(/\*)|((?:#|//)(?!!)[^\n]*+)', re.DOTALL)
_MARK = re.compile(r"/\*|\*/")


def comments(source: Source) -> Iterator[Span]:
    """Line comments and block comments in order; block comments nest, an open one goes to the end."""
    text, at = source.text, 0
    while match := _PART.search(text, at):
        at = match.end()
        if match[1]:
            at = _block_end(text, match.start())
            yield Span(source, match.start(), at)
        elif match[2]:
            end = match.end() - (match[2].endswith("\r"))
            yield Span(source, match.start(), end)


def line_comments(source: Source) -> Iterator[Span]:
    """The comments that end with their line."""
    return (span for span in comments(source) if not source.text.startswith("/*", span.start))


def _block_end(text: str, start: int) -> int:
    depth = 0
    for match in _MARK.finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)
