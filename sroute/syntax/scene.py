"""The place of a syntax error: the tokens around it and what the parser has open there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sroute.source.text import Source, Span
from sroute.syntax.lalr import Machine
from sroute.syntax.tokens import Token

CLOSERS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
NO_CALLS = ("IF", "WHILE", "SWITCH", "CASE", "LEAVE", "LAND", "LOR", "NOT", "MOD", "EQ", "IEQ", "DEFINED")
STATEMENT, ITEM = "WHILE", "REQUEST_ROUTE"


@dataclass(frozen=True, slots=True)
class Scene:
    """Tokens, the index of the one that does not fit, and the stopped machine."""

    tokens: Sequence[Token]
    at: int
    machine: Machine

    @property
    def token(self) -> Token:
        """The token that does not fit."""
        return self.tokens[self.at]

    def near(self, distance: int) -> Token:
        """The token so many places behind (or, negative, in front of) the one that does not fit."""
        index = self.at + distance
        return self.tokens[index] if 0 <= index < len(self.tokens) else NOTHING

    @property
    def before(self) -> Token:
        """The token in front of the one that does not fit; one that was left out does not count."""
        top = self.value(1)
        return top if isinstance(top, Token) else self.near(-1)

    def kinds(self, first: int, count: int) -> list[str]:
        """The kinds of some tokens, from a distance on."""
        return [self.near(first + n).kind for n in range(count)]

    def adjacent(self, distance: int = 0) -> bool:
        """Whether nothing stands between a token and the one in front of it."""
        return touching(self.near(distance - 1), self.near(distance))

    def accepts(self, *kinds: str) -> bool:
        """Whether these terminals could stand here instead."""
        return self.machine.accepts(*kinds)

    def fits(self, *inserted: str) -> bool:
        """Whether the token would fit behind some inserted terminals."""
        return self.machine.accepts(*inserted, self.token.kind)

    def value(self, depth: int) -> object:
        """What the parser has on its stack, 1 is the top."""
        values = self.machine.values
        return values[-depth] if len(values) >= depth else None

    def on_stack(self, depth: int, *kinds: str) -> bool:
        """Whether the stack has a token of one of these kinds there."""
        value = self.value(depth)
        return isinstance(value, Token) and value.kind in kinds

    def starts(self, what: str, depth: int = 0) -> bool:
        """Whether a statement or an item may start so deep below the top of the stack."""
        height = len(self.machine.states) - depth
        return height > 0 and self.machine.begins(what, height)

    def opened(self) -> list[Token]:
        """The brackets that are open here, the innermost last."""
        return [value for value in self.machine.values if isinstance(value, Token) and value.kind in CLOSERS]

    def call(self) -> Token | None:
        """The name of the call whose parentheses are the innermost ones open."""
        values = self.machine.values
        for index in range(len(values) - 1, 0, -1):
            value = values[index]
            if isinstance(value, Token) and value.kind in CLOSERS:
                name = values[index - 1]
                called = value.kind == "LPAR" and isinstance(name, Token) and name.kind not in NO_CALLS and name.text[:1].isalpha()
                return name if called else None
        return None

    def holds(self, kind: str) -> bool:
        """Whether the stack has a token of a kind anywhere."""
        return any(isinstance(value, Token) and value.kind == kind for value in self.machine.values)

    def in_switch(self) -> bool:
        """Whether the innermost open brace is that of a switch."""
        values = self.machine.values
        for index in range(len(values) - 1, 1, -1):
            value = values[index]
            if isinstance(value, Token) and value.kind == "LBRACE":
                head = values[index - 2]
                return isinstance(head, Token) and head.kind == "SWITCH"
        return False

    def new_line(self) -> bool:
        """Whether the token stands on another line than the one in front of it."""
        before, token = self.before, self.token
        return before.span.source is not token.span.source or before.span.finish.line < token.span.line

    def gap(self) -> str:
        """The text between the token and the one in front of it."""
        before, token = self.before, self.token
        same = before.span.source is token.span.source
        return token.span.source.text[before.span.end : token.span.start] if same else ""


NOTHING = Token("", "", "", Span(Source("", ""), 0, 0))


def touching(first: Token, second: Token) -> bool:
    """Whether nothing stands between two tokens."""
    return first.span.source is second.span.source and first.span.end == second.span.start


def behind(token: Token) -> Span:
    """The place just behind a token."""
    return Span(token.span.source, max(token.span.end - 1, token.span.start), token.span.end)
