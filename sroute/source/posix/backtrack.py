"""Searches with back-references: tries one way after the other, remembers what it has tried, and gives up in time."""

from collections.abc import Iterator

from sroute.source.posix.nodes import Assertion, BackReference, Flags, OneOf
from sroute.source.posix.program import Close, Open, Program
from sroute.source.posix.sweep import Budget, Places
from sroute.source.posix.walk import Spans

STEP_LIMIT = 200_000
_UNSET = (-1, -1)
_Thread = tuple[int, int, Spans, Spans, frozenset[int]]


class Backtracker:
    """Searches with one program; the leftmost match, the longest of those, and of these the first by preference."""

    __slots__ = ("_icase", "_newline", "_program", "_referenced")

    def __init__(self, program: Program, flags: Flags) -> None:
        """The flags are those that the program was compiled with."""
        self._program = program
        self._icase = flags.icase
        self._newline = flags.newline
        self._referenced = sorted({state.group for state in program.states if isinstance(state, BackReference)})

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere; MatchLimitError when that takes too many steps."""
        return self._find(text, 0, Budget(STEP_LIMIT), notbol=False) is not None

    def find(self, text: str, start: int, *, notbol: bool) -> Spans | None:
        """The spans of the match and its groups; MatchLimitError when the search takes too many steps."""
        return self._find(text, start, Budget(STEP_LIMIT), notbol=notbol)

    def find_all(self, text: str) -> Iterator[Spans]:
        """The matches one after the other, up to the first empty one; the step limit is for all together."""
        budget = Budget(STEP_LIMIT)
        spans = self._find(text, 0, budget, notbol=False)
        while spans is not None:
            yield spans
            start, end = spans[0]
            spans = self._find(text, end, budget, notbol=True) if start < end else None

    def _find(self, text: str, start: int, budget: Budget, *, notbol: bool) -> Spans | None:
        places = Places(text, self._program.places, start, newline=self._newline, notbol=notbol)
        for index in range(start, len(text) + 1):
            found = self._longest(places, index, budget)
            if found is not None:
                return found
        return None

    def _longest(self, places: Places, start: int, budget: Budget) -> Spans | None:
        unset = ((start, start), *[_UNSET] * self._program.groups)
        waiting: list[_Thread] = [(self._program.start, start, unset, unset, frozenset())]
        tried: set[tuple[object, ...]] = set()
        best: Spans | None = None
        while waiting:
            thread = waiting.pop()
            state, index, spans, _, seen = thread
            edges = self._program.edges[state]
            key = (state, index, bool(edges) and edges[0] in seen, *[spans[group] for group in self._referenced])
            if key in tried:
                continue
            tried.add(key)
            budget.spend(1)
            if state in self._program.accepts and (best is None or index > best[0][1]):
                best = ((start, index), *spans[1:])
                if index == places.end:
                    break
            waiting += reversed(self._next(thread, places))
        return best

    def _next(self, thread: _Thread, places: Places) -> list[_Thread]:
        """The ways on from a state, the preferred one first."""
        state, index, spans, settled, seen = thread
        edges = self._program.edges[state]
        match self._program.states[state]:
            case OneOf(chars):
                if index == places.end or not chars >> ord(places.text[index]) & 1:
                    return []
                return [(edges[0], index + 1, spans, settled, frozenset())]
            case Assertion(place):
                if place not in places.at(index):
                    return []
            case BackReference(group):
                length = self._repeated(places.text, index, spans[group])
                if length:
                    return [(edges[0], index + length, spans, settled, frozenset())]
                if length is None:
                    return []
            case Open(group):
                spans = _with(spans, group, (index, -1))
            case Close() as close:
                spans, settled = _closed(close, index, spans, settled)
        seen |= {state}
        if len(edges) > 1 and edges[0] in seen:
            edges = edges[1:]
        return [(edge, index, spans, settled, seen) for edge in edges]

    def _repeated(self, text: str, index: int, span: tuple[int, int]) -> int | None:
        """The length of the text of a group if it stands at the index, else None."""
        begin, end = span
        if end < 0:
            return None
        taken, here = text[begin:end], text[index : index + end - begin]
        if taken == here or (self._icase and _folded(taken) == _folded(here)):
            return end - begin
        return None


def _folded(text: str) -> bytes:
    return text.encode("latin-1").lower()


def _with(spans: Spans, group: int, span: tuple[int, int]) -> Spans:
    return (*spans[:group], span, *spans[group + 1 :])


def _closed(close: Close, index: int, spans: Spans, settled: Spans) -> tuple[Spans, Spans]:
    """The spans after the end of a group, and those to return to when a later optional group takes nothing."""
    begin = spans[close.group][0]
    if begin >= index and close.optional and settled[close.group] != _UNSET:
        return settled, settled
    spans = _with(spans, close.group, (begin, index))
    return spans, (spans if begin < index else settled)
