"""The tree of a POSIX extended regular expression, case folding already applied."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Place(Enum):
    """What an assertion wants to be true of a place between two characters."""

    LINE_START = "^"
    LINE_END = "$"
    TEXT_START = "\\`"
    TEXT_END = "\\'"
    WORD_EDGE = "\\b"
    NOT_WORD_EDGE = "\\B"
    WORD_START = "\\<"
    WORD_END = "\\>"


@dataclass(frozen=True, slots=True)
class Empty:
    """Matches the empty text."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Matches one character of a set: bit n of `chars` stands for the byte n."""

    chars: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """Matches the empty text at certain places."""

    place: Place


@dataclass(frozen=True, slots=True)
class BackReference:
    """Matches the text that a group matched last."""

    group: int


@dataclass(frozen=True, slots=True)
class Group:
    """A parenthesised part; groups count from 1 by their opening parentheses."""

    number: int
    body: "Node"


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts that follow each other; two at least."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives; two at least."""

    branches: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The body `low` to `high` times; no end where high is None."""

    body: "Node"
    low: int
    high: int | None


Node = Empty | OneOf | Assertion | BackReference | Group | Sequence | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Flags:
    """How a pattern is read: letters without case; lines instead of the whole text for `^`, `$`, `.` and `[^...]`."""

    icase: bool = False
    newline: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed pattern: its tree and how many groups it has (also those that a {0} removed)."""

    root: Node
    groups: int


def nodes(root: Node) -> Iterator[Node]:
    """All nodes of a tree."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case Group(_, body) | Repeat(body, _, _):
                waiting.append(body)
            case Sequence(children) | Choice(children):
                waiting += children


def places(root: Node) -> frozenset[Place]:
    """The assertions of a tree."""
    return frozenset(node.place for node in nodes(root) if isinstance(node, Assertion))
