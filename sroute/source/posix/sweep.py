"""Runs a program without back-references over a text in linear time, all states at once, remembering the steps it knows."""

from collections.abc import Iterable

from sroute.source.posix.errors import MatchLimitError
from sroute.source.posix.nodes import Assertion, OneOf, Place
from sroute.source.posix.program import Program

WORK_LIMIT = 5_000_000
_REMEMBERED = 20_000
_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


class Budget:
    """How much work a search may still do; MatchLimitError when it is spent."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        """left counts states looked at."""
        self.left = left

    def spend(self, amount: int) -> None:
        """Takes some of the budget."""
        self.left -= amount
        if self.left < 0:
            raise MatchLimitError("search with a regular expression took too many steps")


class Places:
    """Which assertions of a program hold at each place of a text."""

    __slots__ = ("begin", "end", "newline", "notbol", "text", "wanted")

    def __init__(self, text: str, wanted: frozenset[Place], begin: int, *, newline: bool, notbol: bool) -> None:
        """wanted are the assertions that the program uses; what stands before `begin` is not seen."""
        self.text = text
        self.begin = begin
        self.end = len(text)
        self.wanted = wanted
        self.newline = newline
        self.notbol = notbol

    def at(self, index: int, *, taken: bool = False, going: bool = False) -> frozenset[Place]:
        """The assertions that hold before the character at an index.

        In glibc `^` holds behind a newline and `$` before one, even where lines do not count, once the match has taken
        that newline (`taken`) or goes on to take it (`going`).
        """
        if not self.wanted:
            return self.wanted
        return self.wanted & (self._words(index) | self._ends(index, self.newline or taken, self.newline or going))

    def _words(self, index: int) -> set[Place]:
        before = index > self.begin and self.text[index - 1] in _WORD
        after = index < self.end and self.text[index] in _WORD
        if before == after:
            return {Place.NOT_WORD_EDGE}
        return {Place.WORD_EDGE, Place.WORD_START if after else Place.WORD_END}

    def _ends(self, index: int, after_newline: bool, before_newline: bool) -> set[Place]:
        held = set()
        if index == self.begin:
            held.add(Place.TEXT_START)
        if index == self.end:
            held.add(Place.TEXT_END)
        if (after_newline and self.text[index - 1] == "\n") if index > self.begin else not self.notbol:
            held.add(Place.LINE_START)
        if index == self.end or (before_newline and self.text[index] == "\n"):
            held.add(Place.LINE_END)
        return held


class Sweep:
    """All states of a program moved over characters together, forwards or backwards; a set of states is a bit mask."""

    __slots__ = ("_links", "_moves", "_program", "_remembered", "_size")

    def __init__(self, program: Program, *, backwards: bool) -> None:
        """A forward sweep follows edges, a backward one goes against them."""
        self._program = program
        self._size = len(program.states)
        self._links: list[list[int]] = [[] for _ in program.states]
        self._moves: list[tuple[int, int, int]] = []
        self._remembered: dict[tuple[int, str, frozenset[Place]], int] = {}
        for index, (state, targets) in enumerate(zip(program.states, program.edges, strict=True)):
            for target in targets:
                source, goal = (target, index) if backwards else (index, target)
                if isinstance(state, OneOf):
                    self._moves.append((state.chars, 1 << source, goal))
                else:
                    self._links[source].append(goal)

    def begin(self, states: Iterable[int], held: frozenset[Place], budget: Budget) -> int:
        """The states that some states stand for before any character."""
        return self._closure(states, held, budget)

    def step(self, mask: int, char: str, held: frozenset[Place], budget: Budget) -> int:
        """The states after a character; held are the assertions that hold at the place that is reached."""
        budget.left -= 1
        key = mask, char, held
        known = self._remembered.get(key)
        if known is None:
            budget.spend(len(self._moves))
            code = ord(char)
            goals = [goal for chars, source, goal in self._moves if mask & source and chars >> code & 1]
            known = self._closure(goals, held, budget)
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = known
        return known

    def _closure(self, goals: Iterable[int], held: frozenset[Place], budget: Budget) -> int:
        states, links = self._program.states, self._links
        mask = 0
        waiting = list(goals)
        while waiting:
            index = waiting.pop()
            if mask >> index & 1:
                continue
            state = states[index]
            if isinstance(state, Assertion) and state.place not in held:
                continue
            mask |= 1 << index
            budget.spend(1)
            waiting += links[index]
        return mask
