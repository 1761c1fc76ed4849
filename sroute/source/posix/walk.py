"""Where a pattern without back-references matches, and which text each group took: glibc's answer, in linear time.

The match is the leftmost, and the longest of those. Among the ways to match exactly that text, the walk takes at each
fork the preferred edge that still leads to the end; this is what glibc does, and not always what POSIX words.
"""

from sroute.source.posix.nodes import OneOf, Place
from sroute.source.posix.program import Close, Open, Program
from sroute.source.posix.sweep import WORK_LIMIT, Budget, Places, Sweep

Spans = tuple[tuple[int, int], ...]
_UNSET = (-1, -1)
_LINES = frozenset({Place.LINE_START, Place.LINE_END})


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
        places = Places(text, self._program.places, newline=self._newline, notbol=False)
        return self._extent(places, Budget(WORK_LIMIT)) is not None

    def find(self, text: str, *, notbol: bool) -> Spans | None:
        """The spans of the whole match and of each group, (-1, -1) for a group that took no part."""
        budget = Budget(WORK_LIMIT)
        places = Places(text, self._program.places, newline=self._newline, notbol=notbol)
        extent = self._extent(places, budget)
        if extent is None:
            return None
        start, end, accept = extent
        return _Path(self._program, start, end, accept).spans(self._alive(places, extent, budget))

    def _extent(self, places: Places, budget: Budget) -> tuple[int, int, int] | None:
        """Start and end of the match and the state in which it ends.

        Where lines do not count but the text has some, `^` and `$` depend on where the match began: then each start
        is tried by itself.
        """
        if not self._lines or "\n" not in places.text:
            start = self._leftmost(places, budget)
            return None if start is None else self._longest(places, start, budget)
        for start in range(len(places.text) + 1):
            extent = self._longest(places, start, budget)
            if extent is not None:
                return extent
        return None

    def _leftmost(self, places: Places, budget: Budget) -> int | None:
        """The first place at which a match starts: a sweep from the end that ends a match everywhere."""
        program, text, sweep = self._program, places.text, self._back
        found = None
        mask = 0
        first = 1 << program.start
        for index in range(len(text), -1, -1):
            held = places.at(index)
            if index < len(text):
                mask = sweep.step(mask, text[index], held, budget)
            mask |= sweep.begin(program.accepts, held, budget)
            if mask & first:
                found = index
        return found

    def _longest(self, places: Places, start: int, budget: Budget) -> tuple[int, int, int] | None:
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
        return start, end, next(accept for accept in program.accepts if ended >> accept & 1)

    def _alive(self, places: Places, extent: tuple[int, int, int], budget: Budget) -> list[int]:
        """For each place of the match the states from which its end can be reached."""
        text, sweep = places.text, self._back
        start, end, accept = extent
        mask = sweep.begin([accept], places.at(end, taken=end > start), budget)
        masks = [mask]
        for index in range(end - 1, start - 1, -1):
            mask = sweep.step(mask, text[index], places.at(index, taken=index > start, going=True), budget)
            masks.append(mask)
        masks.reverse()
        return masks


class _Path:
    """The way through the program for a match whose ends are known, and the groups that it marks."""

    __slots__ = ("_accept", "_edges", "_end", "_program", "_settled", "_spans", "_start")

    def __init__(self, program: Program, start: int, end: int, accept: int) -> None:
        self._program = program
        self._edges = program.edges
        self._start = start
        self._end = end
        self._accept = accept
        self._spans = [(start, end)] + [_UNSET] * program.groups
        self._settled = self._spans.copy()

    def spans(self, alive: list[int]) -> Spans:
        """Follows the preferred edges; alive[n] are the states that lead to the end from the n-th place."""
        states = self._program.states
        state, index = self._program.start, self._start
        seen: set[int] = set()
        while not (index == self._end and state == self._accept):
            kind = states[state]
            if isinstance(kind, OneOf):
                index += 1
                seen.clear()
                state = self._edges[state][0]
                continue
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
