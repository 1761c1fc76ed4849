"""The effective text of a script: what is left after preprocessing, with the place that each token came from."""

from collections.abc import Sequence

from sroute.source.origin import Made, Piece
from sroute.syntax.tokens import Token, double_quoted

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CLOSE = frozenset(")]};,.:")


def effective(tokens: Sequence[Token]) -> Made:
    """Tokens as text again: lines and indentation as in the files, defines and substitutions done, comments gone."""
    out: list[str] = []
    pieces: list[Piece] = []
    length = 0
    before: Token | None = None
    for token in tokens:
        gap = _gap(before, token)
        text = written(token)
        out += [gap, text]
        length += len(gap)
        pieces.append(Piece(length, token.span))
        length += len(text)
        before = token
    return Made("".join([*out, "\n"]) if out else "", tuple(pieces))


def written(token: Token) -> str:
    """A token as it counts: a string or variable after substitution, everything else as written."""
    value = str(token.value)
    if token.kind in ("PVAR", "AVPVAR"):
        return value
    if token.kind == "STRING" and value != _content(token.text):
        return '"' + "".join(_ESCAPES.get(char, char) for char in value) + '"'
    return token.text or value


def _content(text: str) -> str:
    return double_quoted(text) if text.startswith('"') else text[1:-1]


def _gap(before: Token | None, token: Token) -> str:
    """What stands between two tokens: a new line where the file has one, blanks where it has some."""
    span = token.span
    begin = span.begin
    if before is None:
        return " " * (begin.column - 1)
    last = before.span
    if last.source is not span.source or last.finish.line < begin.line or span.start < last.start:
        line = span.source.line(begin.line)
        return "\n" + line[: len(line) - len(line.lstrip())]
    if last.end == span.start and last is not span:
        return ""
    return "" if last is span and (token.text in _CLOSE or before.text in "([{.:") else " "
