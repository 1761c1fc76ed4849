"""Stretches of the text around a node: parentheses that the tree leaves out, the whole line, the place of a word."""

from sroute.source.text import Span


def closed(span: Span) -> Span:
    """The span with the parentheses that are opened in it and closed behind it."""
    text, end = span.source.text, span.end
    while span.source.text.count("(", span.start, end) > text.count(")", span.start, end):
        found = text.find(")", end)
        if found < 0 or text[end:found].strip(" \t\r\n"):
            break
        end = found + 1
    return Span(span.source, span.start, end)


def with_semicolon(span: Span) -> Span:
    """The span of a statement with the `;` behind it."""
    text, end = span.source.text, span.end
    while end < len(text) and text[end] in " \t\r\n":
        end += 1
    return Span(span.source, span.start, end + 1) if text[end : end + 1] == ";" else span


def whole_lines(span: Span) -> Span:
    """The lines of a span, if nothing else stands on them; else the span with the blanks behind it."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end + 1
    if text[start : span.start].strip() or text[span.end : end].strip():
        after = span.end
        while after < len(text) and text[after] in " \t":
            after += 1
        return Span(span.source, span.start, after)
    return Span(span.source, start, end)


def inside(span: Span, part: str) -> Span:
    """The place of a part of the text in a span; the span itself when it is not there."""
    at = span.text().find(part)
    return span if at < 0 else Span(span.source, span.start + at, span.start + at + len(part))


def before(span: Span) -> Span:
    """The empty stretch where a span begins."""
    return Span(span.source, span.start, span.start)


def behind(span: Span) -> Span:
    """The empty stretch where a span ends."""
    return Span(span.source, span.end, span.end)


def indentation(span: Span) -> str:
    """The blanks at the beginning of the line on which a span begins."""
    line = span.source.line(span.line)
    return line[: len(line) - len(line.lstrip())]


def parenthesized(span: Span) -> bool:
    """Whether a span stands between a pair of parentheses."""
    text, start, end = span.source.text, span.start - 1, span.end
    while start >= 0 and text[start] in " \t\r\n":
        start -= 1
    while end < len(text) and text[end] in " \t\r\n":
        end += 1
    return text[start : start + 1] == "(" and text[end : end + 1] == ")"
