"""Places in the words of Kamailio's own messages."""

from sroute.source.text import Span
from sroute.syntax.nodes import Binary, Expression, Unary


def place(node: Expression) -> Span:
    """The place of an expression as Kamailio knows it: operators and casts in front of the first operand are not part of it."""
    first = last = node
    while isinstance(first, (Unary, Binary)) and (isinstance(first, Binary) or first.op not in ("strlen", "strempty")):
        first = first.operand if isinstance(first, Unary) else first.left
    while isinstance(last, Unary) and last.op not in ("strlen", "strempty"):
        last = last.operand
    return Span(node.span.source, first.span.start, last.span.end)


def where(span: Span) -> str:
    """`(line,column-line,column)`, the last column included."""
    begin, end = span.begin, span.finish
    return f"({begin.line},{begin.column}-{end.line},{max(end.column - 1, 0)})"
