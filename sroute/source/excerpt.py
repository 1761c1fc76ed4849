"""Shows a diagnostic with its source line and a caret: the one renderer of all commands."""

from collections.abc import Callable
from typing import overload

from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span

WIDTH = 160
LONGEST = 300
Paint = Callable[[str, str], str]


def plain(text: str, role: str) -> str:
    """Leaves text uncoloured; role is one of error, warning, info, place, caret, hint."""
    return text


def readable(text: str) -> str:
    """Latin-1 held bytes as text for people: UTF-8 where they are, control characters blanked."""
    decoded = text.encode("latin-1", "replace").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in decoded)


@overload
def clipped(text: str) -> str: ...
@overload
def clipped(text: None) -> None: ...
@overload
def clipped(text: str | None) -> str | None: ...
def clipped(text: str | None) -> str | None:
    """A message that may name a piece of the user's text, short enough to be read."""
    return text if text is None or len(text) <= LONGEST else text[: LONGEST // 2] + " ... " + text[-LONGEST // 4 :]


def show(diagnostic: Diagnostic, paint: Paint = plain) -> str:
    """`file:line:col: severity: message [CODE]`, the line, a caret and the hint."""
    label = paint(f"{diagnostic.severity}:", diagnostic.severity)
    code = f" [{diagnostic.code}]" if diagnostic.code else ""
    if diagnostic.span is None:
        lines = [f"{label} {readable(diagnostic.message)}{code}"]
        if diagnostic.hint:
            lines.append("  " + paint(diagnostic.hint, "hint"))
        return "\n".join(lines)
    begin = diagnostic.span.begin
    place = paint(f"{diagnostic.span.source.name}:{begin.line}:{begin.column}:", "place")
    return "\n".join([f"{place} {label} {readable(diagnostic.message)}{code}", *excerpt(diagnostic.span, diagnostic.hint, paint)])


def excerpt(span: Span, hint: str | None = None, paint: Paint = plain) -> list[str]:
    """The source line of a span and the carets under it, hint behind them."""
    begin, end = span.begin, span.finish
    line = span.source.line(begin.line)
    start = begin.column - 1
    stop = min(end.column - 1 if end.line == begin.line else len(line), start + WIDTH)
    cut = max(0, start - WIDTH // 2)
    text, before, marked = line[cut : cut + WIDTH], line[cut:start], line[start : max(stop, start + 1)]
    pad = len(readable(before))
    carets = "^" * max(1, min(len(readable(marked)), WIDTH - pad))
    number = f"{begin.line:>5}"
    shown = [f"{number} | {readable(text)}", f"      | {' ' * pad}{paint(carets, 'caret')}"]
    if hint:
        shown[1] += "  " + paint(hint, "hint")
    return shown
