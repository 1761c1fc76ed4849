"""What a syntax error comes from: what to say, and how the parser may go on."""

from dataclasses import dataclass

from sroute.source.text import Span
from sroute.syntax.tokens import Token

VALUES = ("NUMBER", "STRING", "PVAR", "AVPVAR", "RPAR", "ATTR")


@dataclass(frozen=True, slots=True)
class Cause:
    """A mistake: its code, message, place and hint; then the terminals that mend it, or how many tokens to leave out.

    Without either, the parser goes on behind the statement; whole says that its parentheses and the block behind them belong to
    it. A cause without a message was reported before; explains is the code of an earlier diagnostic that only follows from this.
    """

    code: str = ""
    message: str = ""
    span: Span | None = None
    hint: str | None = None
    insert: tuple[str, ...] = ()
    drop: int = 0
    whole: bool = False
    explains: str = ""


def quoted(token: Token) -> str:
    """A token as messages name it."""
    written = token.text if len(token.text) <= 40 else token.text[:37] + "..."
    return "the end of the file" if token.kind == "$END" else written.split("\n")[0]
