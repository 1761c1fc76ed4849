"""The tree of a Perl-compatible pattern, case folding already applied to its sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from sroute.errors import NotSimulatedError


class UnsupportedPatternError(NotSimulatedError):
    """libpcre takes the pattern, sroute does not know a part of it."""


class Spot(Enum):
    """What an assertion wants to be true of a place between two characters."""

    TEXT_START = "\\A"
    TEXT_END = "\\z"
    LAST_LINE_END = "\\Z"
    LINE_START = "^"
    LINE_END = "$"
    WORD_EDGE = "\\b"
    NOT_WORD_EDGE = "\\B"


@dataclass(frozen=True, slots=True)
class Flags:
    """The options i, m, s, x and U of a pattern."""

    caseless: bool = False
    multiline: bool = False
    dotall: bool = False
    extended: bool = False
    ungreedy: bool = False


Mode = Literal["greedy", "lazy", "possessive"]


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set: bit n stands for the byte n."""

    chars: int


@dataclass(frozen=True, slots=True)
class At:
    """Nothing, at certain places."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Row:
    """Parts that follow each other; none is the empty text."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives, the preferred one first."""

    branches: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Capture:
    """A group that remembers what it matched."""

    number: int
    body: "Node"


@dataclass(frozen=True, slots=True)
class Loop:
    """The body `low` to `high` times; without end where high is None."""

    body: "Node"
    low: int
    high: int | None
    mode: Mode


@dataclass(frozen=True, slots=True)
class Reference:
    """The text that a group matched; of several groups of one name the first that matched."""

    groups: tuple[int, ...]
    caseless: bool


@dataclass(frozen=True, slots=True)
class Look:
    """The body matches here (or, behind, up to here), or it does not."""

    body: "Node"
    behind: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Atomic:
    """The first way in which the body matches, and no other."""

    body: "Node"


@dataclass(frozen=True, slots=True)
class Recursion:
    """A group's pattern once more (0: the whole pattern), in one way only."""

    group: int


@dataclass(frozen=True, slots=True)
class Conditional:
    """One of two patterns: as groups have matched, as a look goes, or always the second (DEFINE: None)."""

    test: "tuple[int, ...] | Look | None"
    yes: "Node"
    no: "Node"


Node = Chars | At | Row | Either | Capture | Loop | Reference | Look | Atomic | Recursion | Conditional
EMPTY = Row(())


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern and how many groups it has."""

    root: Node
    groups: int


def inner(node: Node) -> tuple[Node, ...]:
    """The nodes right below a node."""
    match node:
        case Row(children) | Either(children):
            return children
        case Capture(_, body) | Loop(body) | Look(body) | Atomic(body):
            return (body,)
        case Conditional(test, yes, no):
            return (test, yes, no) if isinstance(test, Look) else (yes, no)
        case _:
            return ()


def nodes(root: Node) -> Iterator[Node]:
    """All nodes of a tree."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += inner(node)
