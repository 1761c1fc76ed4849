"""What the functions that build nodes share: the dialect, the diagnostics, joined places."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sroute.dialect import Dialect
from sroute.source.diagnostic import Diagnostic, Severity
from sroute.source.excerpt import clipped
from sroute.source.text import Span
from sroute.syntax.tokens import Token

Children = list[Any]
"""The values of a rule's symbols: tokens, nodes, lists of them."""


class Placed(Protocol):
    """A token or a node."""

    @property
    def span(self) -> Span:
        """Its place."""


@dataclass(slots=True)
class Build:
    """The work on one script."""

    dialect: Dialect
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def error(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        """Note an error that is not one of grammar."""
        self.report(code, "error", message, span, hint)

    def report(self, code: str, severity: Severity, message: str, span: Span, hint: str | None = None) -> None:
        """Note a diagnostic."""
        self.diagnostics.append(Diagnostic(code, severity, clipped(message), span, clipped(hint)))


Rule = Callable[[Build, Children], object]


def around(first: Placed, last: Placed) -> Span:
    """The place from one thing to another."""
    return first.span.to(last.span)


def text(token: Token) -> str:
    """The value of a token that is a name or a string."""
    return str(token.value)


def integer(token: Token) -> int:
    """The value of a number token."""
    return int(token.value)
