"""Places in the words of Kamailio's own messages."""

from sroute.source.text import Span


def where(span: Span) -> str:
    """`(line,column-line,column)`, the last column included."""
    begin, end = span.begin, span.finish
    return f"({begin.line},{begin.column}-{end.line},{max(end.column - 1, 0)})"
