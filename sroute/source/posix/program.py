"""A pattern as an automaton, with the order of preference that glibc's has."""

from dataclasses import dataclass

from sroute.source.posix.errors import MatchLimitError
from sroute.source.posix.nodes import (
    Assertion,
    BackReference,
    Choice,
    Empty,
    Expression,
    Group,
    Node,
    OneOf,
    Place,
    Repeat,
    Sequence,
)

STATE_LIMIT = 20000


@dataclass(frozen=True, slots=True)
class Open:
    """A group begins here."""

    group: int


@dataclass(frozen=True, slots=True)
class Close:
    """A group ends here; optional where the group itself is what a repetition may leave out."""

    group: int
    optional: bool


# A state that takes a character (OneOf), tests the place (Assertion), repeats a group's text, marks one, or only branches (None).
State = OneOf | Assertion | BackReference | Open | Close | None


@dataclass(frozen=True, slots=True)
class Program:
    """The automaton; edges[n] are the states that may follow state n, by preference."""

    states: tuple[State, ...]
    edges: tuple[tuple[int, ...], ...]
    start: int
    accepts: tuple[int, ...]
    groups: int
    places: frozenset[Place]


def assemble(expression: Expression) -> Program:
    """The automaton of a pattern; MatchLimitError when its counted repetitions make it too big."""
    builder = _Builder()
    accept = builder.add(None)
    start = builder.node(expression.root, accept, _WRITTEN)
    places = frozenset(state.place for state in builder.states if isinstance(state, Assertion))
    program = Program(tuple(builder.states), tuple(builder.edges), start, (accept,), expression.groups, places)
    return _split_by_assertion(program, accept) if places else program


def _split_by_assertion(program: Program, accept: int) -> Program:
    """States reached through an assertion, no character taken since, become states of their own.

    glibc does so, and where a match can end with and without an assertion it prefers to end without; of several
    assertions the one that stands first in the pattern.
    """
    numbers: dict[tuple[int, int], int] = {(program.start, -1): 0}
    waiting = [(program.start, -1)]
    states: list[State] = []
    edges: list[tuple[int, ...]] = []
    for index, behind in waiting:
        state = program.states[index]
        states.append(state)
        if isinstance(state, OneOf | BackReference):
            behind = -1
        elif isinstance(state, Assertion) and behind < 0:
            behind = index
        following = [(target, behind) for target in program.edges[index]]
        for pair in following:
            if pair not in numbers:
                numbers[pair] = len(waiting)
                waiting.append(pair)
        edges.append(tuple(numbers[pair] for pair in following))
    if len(states) > STATE_LIMIT:
        raise MatchLimitError(f"regular expression with more than {STATE_LIMIT} states")
    ends = sorted((pair for pair in numbers if pair[0] == accept), key=lambda pair: (pair[1] >= 0, -pair[1]))
    return Program(tuple(states), tuple(edges), 0, tuple(numbers[pair] for pair in ends), program.groups, program.places)


@dataclass(frozen=True, slots=True)
class _Copy:
    """Which copy of a part is being built. glibc forgets in a copy which groups in it are optional (`original` is false there)."""

    original: bool
    optional: bool = False


_WRITTEN = _Copy(original=True)
_DUPLICATE = _Copy(original=False)


class _Builder:
    """Builds from the end of the pattern to its start, a fork before what it forks to.

    glibc numbers its states the other way round and prefers, at a fork, the edge to the lower number; so the preferred
    edge here is the one to the higher. That is the left branch and one more repetition, except that an empty branch is
    the last choice (it leads to what stands behind the group).
    """

    __slots__ = ("edges", "states")

    def __init__(self) -> None:
        self.states: list[State] = []
        self.edges: list[tuple[int, ...]] = []

    def add(self, state: State, *following: int) -> int:
        if len(self.states) >= STATE_LIMIT:
            raise MatchLimitError(f"regular expression with more than {STATE_LIMIT} states")
        self.states.append(state)
        self.edges.append(following)
        return len(self.states) - 1

    def fork(self, state: int, *targets: int) -> int:
        """Gives a state its edges, the preferred one first."""
        self.edges[state] = tuple(sorted(set(targets), reverse=True))
        return state

    def node(self, node: Node, following: int, copy: _Copy) -> int:
        """The first state of a node."""
        inner = _WRITTEN if copy.original else _DUPLICATE
        match node:
            case Empty():
                return following
            case OneOf() | Assertion() | BackReference():
                return self.add(node, following)
            case Group(number, body):
                end = self.add(Close(number, copy.optional), following)
                return self.add(Open(number), self.node(body, end, inner))
            case Sequence(parts):
                for part in reversed(parts):
                    following = self.node(part, following, inner)
                return following
            case Choice(branches):
                return self.choice(branches, following, inner)
            case Repeat():
                return self.repeat(node, following, inner)

    def choice(self, branches: tuple[Node, ...], following: int, copy: _Copy) -> int:
        """Branches in pairs from the left, as regcomp() nests them: `a|b|c` is `(a|b)|c`."""
        forks = []
        for branch in reversed(branches[1:]):
            fork = self.add(None)
            forks.append((fork, self.node(branch, following, copy)))
        first = self.node(branches[0], following, copy)
        for fork, other in reversed(forks):
            first = self.fork(fork, first, other)
        return first

    def repeat(self, node: Repeat, following: int, copy: _Copy) -> int:
        """`x{2,4}` is `xx((x)?x)?`, the optional copies nested to the left; `x{2,}` is `xxx*`."""
        body, low = node.body, node.low
        optional = _Copy(original=copy.original and not low, optional=copy.original)
        if node.high is None:
            loop = self.add(None)
            following = self.fork(loop, self.node(body, loop, optional), following)
        elif node.high > low:
            following = self.optional_copies([optional] + [_DUPLICATE] * (node.high - low - 1), body, following)
        for this in range(low):
            following = self.node(body, following, copy if this == low - 1 else _DUPLICATE)
        return following

    def optional_copies(self, copies: list[_Copy], body: Node, following: int) -> int:
        """Nested to the left: each fork enters the copies before its own, or goes on behind its own."""
        forks = []
        for copy in reversed(copies):
            fork = self.add(None)
            forks.append((fork, following))
            following = self.node(body, following, copy)
        first = following
        for fork, skip in reversed(forks):
            first = self.fork(fork, first, skip)
        return first
