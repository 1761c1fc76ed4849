"""Where a pattern without back-references matches, and which text each group took: glibc's answer, in linear time.

The match is the leftmost, and the longest of those. Among the ways to match exactly that text, the walk takes at each
fork the preferred edge that still leads to the end; this is what glibc does, and not always what POSIX words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sroute.source.posix.errors import MatchLimitError
from sroute.source.posix.nodes import OneOf, Place
from sroute.source.posix.program import Close, Open, Program
from sroute.source.posix.sweep import WORK_LIMIT, Budget, Places, Sweep

Spans = tuple[tuple[int, int], ...]
_UNSET = (-1, -1)
_LINES = frozenset({Place.LINE_START, Place.LINE_END})


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where a match starts and ends, and the state in which it ends."""

    start: int
    end: int
    accept: int


class Walker:
    """Searches with one program; the sweeps are kept because they remember the steps they know."""

    __slots__ = ("_accept", "_ahead", "_back", "_lines", "_newline", "_program")

    def __init__(self, program: Program, *, newline: bool) -> None:
        """newline: `^` and `$` match at lines."""
        self._program = program
        self._newline = newline
        self._lines = not newline and bool(program.places & _LINES)
        self._ahead = Sweep(program, backwards=False)
        self._back = Sweep(program, backwards=True)
        self._accept = sum(1 << accept for accept in program.accepts)

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere."""
        return next(self._extents(text, 0, Budget(WORK_LIMIT), notbol=False), None) is not None

    def find(self, text: str, start: int, *, notbol: bool) -> Spans | None:
        """The spans of the first match at or behind start and of its groups, (-1, -1) for a group that took no part."""
        return next(self._matches(text, start, notbol=notbol), None)

    def find_all(self, text: str) -> Iterator[Spans]:
        """The matches one after the other, up to the first empty one."""
        return self._matches(text, 0, notbol=False)

    def _matches(self, text: str, start: int, *, notbol: bool) -> Iterator[Spans]:
        budget = Budget(WORK_LIMIT)
        for places, extent in self._extents(text, start, budget, notbol=notbol):
            yield _Path(self._program, extent).spans(self._alive(places, extent, budget))

    def _extents(self, text: str, at: int, budget: Budget, *, notbol: bool) -> Iterator[tuple[Places, _Extent]]:
        """The matches one after the other, each with the places as its own search saw them."""
        starts: bytearray | None = None
        while True:
            places = Places(text, self._program.places, at, newline=self._newline, notbol=notbol)
            if starts is None and not (self._lines and "\n" in text):
                starts = self._starts(places, budget)
            extent = self._first(places, starts, budget)
            if extent is None:
                return
            yield places, extent
            if extent.start == extent.end:
                return
            at, notbol = extent.end, True

    def _starts(self, places: Places, budget: Budget) -> bytearray:
        """Marks where a match may start, each with a 1: a sweep from the end of the text that lets a match end everywhere."""
        program, text, sweep = self._program, places.text, self._back
        marks = bytearray(len(text) + 1)
        mask = 0
        first = 1 << program.start
        for index in range(len(text), places.begin - 1, -1):
            held = places.at(index)
            if index < len(text):
                mask = sweep.step(mask, text[index], held, budget)
            mask |= sweep.begin(program.accepts, held, budget)
            if mask & first:
                marks[index] = 1
        return marks

    def _first(self, places: Places, starts: bytearray | None, budget: Budget) -> _Extent | None:
        """The first match. Where the search begins assertions may hold that did not when the starts were marked.

        Without marks (where lines do not count but the text has some, `^` and `$` depend on where the match begins) each
        start is tried by itself.
        """
        at = places.begin
        if starts is None:
            return next(filter(None, (self._longest(places, index, budget) for index in range(at, places.end + 1))), None)
        if self._program.places and (extent := self._longest(places, at, budget)):
            return extent
        found = starts.find(1, at + 1 if self._program.places else at)
        return None if found < 0 else self._longest(places, found, budget)

    def _longest(self, places: Places, start: int, budget: Budget) -> _Extent | None:
        program, text, sweep = self._program, places.text, self._ahead
        end = -1
        ended = 0
        before, char = sweep.begin([program.start], places.at(start, going=True), budget), ""
        final = sweep.begin([program.start], places.at(start), budget)
        index = start
        while True:
            if final & self._accept:
                end, ended = index, final
            if index == len(text) or not before:
                break
            char = text[index]
            index += 1
            final = sweep.step(before, char, places.at(index, taken=True), budget)
            before = sweep.step(before, char, places.at(index, taken=True, going=True), budget)
        if end < 0:
            return None
        return _Extent(start, end, next(accept for accept in program.accepts if ended >> accept & 1))

    def _alive(self, places: Places, extent: _Extent, budget: Budget) -> list[int]:
        """For each place of the match the states from which its end can be reached."""
        text, sweep = places.text, self._back
        start, end = extent.start, extent.end
        mask = sweep.begin([extent.accept], places.at(end, taken=end > start), budget)
        masks = [mask]
        for index in range(end - 1, start - 1, -1):
            mask = sweep.step(mask, text[index], places.at(index, taken=index > start, going=True), budget)
            masks.append(mask)
        masks.reverse()
        return masks


class _Path:
    """The way through the program for a match whose ends are known, and the groups that it marks."""

    __slots__ = ("_accept", "_edges", "_end", "_program", "_settled", "_spans", "_start")

    def __init__(self, program: Program, extent: _Extent) -> None:
        self._program = program
        self._edges = program.edges
        self._start = extent.start
        self._end = extent.end
        self._accept = extent.accept
        self._spans = [(extent.start, extent.end)] + [_UNSET] * program.groups
        self._settled = self._spans.copy()

    def spans(self, alive: list[int]) -> Spans:
        """Follows the preferred edges; alive[n] are the states that lead to the end from the n-th place."""
        states = self._program.states
        state, index = self._program.start, self._start
        seen: set[int] = set()
        patience = longest_pause = 3 * len(states)
        while not (index == self._end and state == self._accept):
            kind = states[state]
            if isinstance(kind, OneOf):
                index += 1
                seen.clear()
                patience = longest_pause
                state = self._edges[state][0]
                continue
            patience -= 1
            if patience < 0:
                raise MatchLimitError("regular expression with an empty loop on which the C library never comes to an end")
            if isinstance(kind, Open):
                self._spans[kind.group] = index, -1
            elif isinstance(kind, Close):
                self._close(kind, index)
            seen.add(state)
            state = self._follow(state, alive[index - self._start], seen)
        return tuple(span if span[1] >= 0 else _UNSET for span in self._spans)

    def _follow(self, state: int, alive: int, seen: set[int]) -> int:
        """The preferred edge; the second one where a loop came round without taking a character."""
        open_edges = [edge for edge in self._edges[state] if alive >> edge & 1]
        if len(open_edges) > 1 and open_edges[0] in seen:
            return open_edges[1]
        return open_edges[0]

    def _close(self, close: Close, index: int) -> None:
        """Ends a group; an optional group that took nothing gives way to what it and the others took before."""
        begin = self._spans[close.group][0]
        if begin < index:
            self._spans[close.group] = begin, index
            self._settled = self._spans.copy()
        elif close.optional and self._settled[close.group] != _UNSET:
            self._spans = self._settled.copy()
        else:
            self._spans[close.group] = begin, index
