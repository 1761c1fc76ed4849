"""How much a backtracking engine may have to do for a pattern, and whether the first match that it finds is the longest.

A fork of the pattern is settled when the next character alone tells which way to go. Where all forks are settled, a
backtracking engine has one way through the text. Each fork that is not multiplies the ways: an alternative by the number
of its branches, a repetition of one character by the length of the text; a repetition of anything that is not settled in
itself may take exponential time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sroute.source.posix import charsets
from sroute.source.posix.nodes import Assertion, BackReference, Choice, Empty, Group, Node, OneOf, Place, Repeat, Sequence


@dataclass(frozen=True, slots=True)
class Cost:
    """At most `ways` times the length of the text to the power of `degree` ways; `ways` None is no limit known.

    settled: all forks are settled, so that there is one way only. exact: what a group takes when a repetition comes to
    nothing, or leaves out some of several copies, does not depend on the engine.
    """

    ways: int | None = 1
    degree: int = 0
    exact: bool = True

    @property
    def settled(self) -> bool:
        """Whether there is one way at most."""
        return self.ways == 1 and self.degree == 0

    def times(self, other: "Cost") -> "Cost":
        """The cost of one thing behind another."""
        ways = None if self.ways is None or other.ways is None else self.ways * other.ways
        return Cost(ways, self.degree + other.degree, self.exact and other.exact)


@dataclass(frozen=True, slots=True)
class Head:
    """What a part may begin with, and whether it may match nothing."""

    first: int
    empty: bool


class Heads:
    """The heads of all parts of a tree, found once."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        """An empty store, filled as parts are asked for."""
        self._known: dict[int, Head] = {}

    def of(self, node: Node) -> Head:
        """The head of a part; back-references may begin with anything."""
        head = self._known.get(id(node))
        if head is None:
            head = self._known[id(node)] = self._find(node)
        return head

    def _find(self, node: Node) -> Head:
        match node:
            case Empty() | Assertion():
                return Head(0, True)
            case OneOf(chars):
                return Head(chars, False)
            case BackReference():
                return Head(charsets.ALL, True)
            case Group(_, body):
                return self.of(body)
            case Repeat(body, low, _):
                return Head(self.of(body).first, low == 0 or self.of(body).empty)
            case Sequence(parts):
                return self.row(parts)
            case Choice(branches):
                heads = [self.of(branch) for branch in branches]
                return Head(union(head.first for head in heads), any(head.empty for head in heads))

    def row(self, parts: Iterable[Node]) -> Head:
        """The head of parts that follow each other."""
        first = 0
        for part in parts:
            head = self.of(part)
            first |= head.first
            if not head.empty:
                return Head(first, False)
        return Head(first, True)


def union(sets: Iterable[int]) -> int:
    """All bytes of some sets."""
    total = 0
    for chars in sets:
        total |= chars
    return total


def estimate(node: Node, heads: Heads, follow: int = 0) -> Cost:
    """The cost of a part that may be followed by the bytes of `follow`."""
    match node:
        case Empty() | Assertion() | OneOf() | BackReference():
            return Cost()
        case Group(_, body):
            return estimate(body, heads, follow)
        case Sequence(parts):
            return _sequence(parts, heads, follow)
        case Choice(branches):
            return _choice(branches, heads, follow)
        case Repeat():
            return _repeat(node, heads, follow)


def _sequence(parts: tuple[Node, ...], heads: Heads, follow: int) -> Cost:
    cost = Cost()
    for part in reversed(parts):
        cost = estimate(part, heads, follow).times(cost)
        head = heads.of(part)
        follow = head.first | (follow if head.empty else 0)
    return cost


def _choice(branches: tuple[Node, ...], heads: Heads, follow: int) -> Cost:
    """An empty branch is the last choice of glibc wherever it stands, of a backtracking engine only at the end."""
    costs = [estimate(branch, heads, follow) for branch in branches]
    degree = max(cost.degree for cost in costs)
    exact = all(cost.exact for cost in costs) and not any(heads.of(branch).empty for branch in branches[:-1])
    if any(cost.ways is None for cost in costs):
        return Cost(None, degree, exact)
    ways = [cost.ways or 1 for cost in costs]
    return Cost(sum(ways) if _overlap(branches, heads, follow) else max(ways), degree, exact)


def _overlap(branches: tuple[Node, ...], heads: Heads, follow: int) -> bool:
    seen = 0
    empties = 0
    for branch in branches:
        head = heads.of(branch)
        first = head.first | (follow if head.empty else 0)
        if first & seen:
            return True
        seen |= first
        empties += head.empty
    return empties > 1


def _repeat(node: Repeat, heads: Heads, follow: int) -> Cost:
    head = heads.of(node.body)
    inner = estimate(node.body, heads, follow | head.first)
    fixed = node.low == node.high
    open_exit = not fixed and bool(head.first & follow)
    exact = inner.exact and not (head.empty and (node.high != 1 or not isinstance(node.body, OneOf | Repeat)))
    if node.high is None:
        if not inner.settled or head.empty:
            return Cost(None, inner.degree, exact)
        return Cost(1, 1 if open_exit else 0, exact)
    if node.high == 1:
        return Cost(None if inner.ways is None else inner.ways + open_exit, inner.degree, exact)
    if not inner.settled or head.empty:
        return _copies(inner, node.low, node.high, exact)
    return Cost(node.high - node.low + 1 if open_exit else 1, 0, exact)


def _copies(inner: Cost, low: int, high: int, exact: bool) -> Cost:
    """Counted copies of a part with several ways; two or more optional ones are tried in another order by glibc."""
    exact = exact and high - low < 2
    if inner.ways is None or high > 8:
        return Cost(None, inner.degree, exact)
    return Cost((inner.ways + 1) ** high, inner.degree * high, exact)


def same_length(node: Node) -> int | None:
    """The length of every match where all have the same, else None."""
    match node:
        case Empty() | Assertion():
            return 0
        case OneOf():
            return 1
        case BackReference():
            return None
        case Group(_, body):
            return same_length(body)
        case Sequence(parts):
            lengths = [same_length(part) for part in parts]
            return None if None in lengths else sum(length or 0 for length in lengths)
        case Choice(branches):
            first = same_length(branches[0])
            return first if all(same_length(branch) == first for branch in branches) else None
        case Repeat(body, low, high):
            length = same_length(body)
            return None if length is None or low != high else length * low


def one_loop(node: Node, heads: Heads) -> bool:
    """Whether only one repetition of a character varies in length, all forks before it being settled: the greedy is the longest."""
    parts = node.parts if isinstance(node, Sequence) else (node,)
    varying = [index for index, part in enumerate(parts) if same_length(part) is None]
    if len(varying) != 1:
        return False
    loop = parts[varying[0]]
    if isinstance(loop, Group):
        loop = loop.body
    before = parts[: varying[0]]
    return isinstance(loop, Repeat) and isinstance(loop.body, OneOf) and _sequence(before, heads, heads.of(loop).first).settled


def runs_to_end(node: Node, ends: frozenset[Place], rest: int) -> bool:
    """Whether every match can be taken to the same place, the preferred one first: `...$` or `....*`.

    ends are the assertions that hold there only, rest the characters of which everything up to it consists.
    """
    match node:
        case Assertion(place):
            return place in ends
        case Group(_, body):
            return runs_to_end(body, ends, rest)
        case Sequence(parts):
            return runs_to_end(parts[-1], ends, rest)
        case Choice(branches):
            return all(runs_to_end(branch, ends, rest) for branch in branches)
        case Repeat(OneOf(chars), _, None):
            return chars & rest == rest
        case _:
            return False


def begins_text(node: Node, starts: frozenset[Place]) -> bool:
    """Whether every match starts with an assertion of one of those places."""
    match node:
        case Assertion(place):
            return place in starts
        case Group(_, body):
            return begins_text(body, starts)
        case Sequence(parts):
            return begins_text(parts[0], starts)
        case Choice(branches):
            return all(begins_text(branch, starts) for branch in branches)
        case Repeat(body, low, _):
            return low > 0 and begins_text(body, starts)
        case _:
            return False
