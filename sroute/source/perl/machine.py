"""Patterns with back-references, looks around, atomic groups and recursion: one way after the other, and so many steps at most."""

from dataclasses import dataclass
from enum import IntEnum

from sroute.source.perl.nodes import (
    At,
    Atomic,
    Capture,
    Chars,
    Conditional,
    Either,
    Look,
    Loop,
    Node,
    Pattern,
    Recursion,
    Reference,
    Row,
    Spot,
    nodes,
)
from sroute.source.perl.widths import branches, width
from sroute.source.posix import charsets
from sroute.source.posix.errors import MatchLimitError
from sroute.source.posix.sweep import Budget

STEP_LIMIT = 1_000_000
STATE_LIMIT = 20_000
DEPTH_LIMIT = 150


class Op(IntEnum):
    """What a state does."""

    CHARS = 0
    SPLIT = 1
    JUMP = 2
    SPOT = 3
    SAVE = 4
    MARK = 5
    MOVED = 6
    REFERENCE = 7
    LOOK = 8
    BEHIND = 9
    ATOMIC = 10
    CALL = 11
    TEST = 12
    END = 13


State = tuple[Op, int, int, object]
"""What to do, the next state, another one or a number, and what it is done with."""


@dataclass(frozen=True, slots=True)
class Program:
    """States; where the pattern and its groups begin, for recursion."""

    states: tuple[State, ...]
    start: int
    entries: dict[int, int]
    slots: int


class _Builder:
    """Builds from the end of the pattern to its start."""

    __slots__ = ("entries", "groups", "slots", "states")

    def __init__(self, pattern: Pattern) -> None:
        self.states: list[State] = []
        self.slots = 2 * (pattern.groups + 1)
        self.entries: dict[int, int] = {}
        self.groups = {node.number: node for node in reversed(list(nodes(pattern.root))) if isinstance(node, Capture)}
        self.groups[0] = Capture(0, pattern.root)

    def add(self, op: Op, following: int, other: int = 0, what: object = None) -> int:
        if len(self.states) >= STATE_LIMIT:
            raise MatchLimitError(f"Perl-compatible pattern with more than {STATE_LIMIT} states")
        self.states.append((op, following, other, what))
        return len(self.states) - 1

    def part(self, node: Node) -> int:
        """A part that is run by itself."""
        return self.node(node, self.add(Op.END, 0))

    def node(self, node: Node, following: int) -> int:
        """The first state of a part."""
        match node:
            case Chars(chars):
                return self.add(Op.CHARS, following, 0, chars)
            case At(spot):
                return self.add(Op.SPOT, following, 0, spot)
            case Row(parts):
                for part in reversed(parts):
                    following = self.node(part, following)
                return following
            case Either(choices):
                first = self.node(choices[-1], following)
                for branch in reversed(choices[:-1]):
                    first = self.add(Op.SPLIT, self.node(branch, following), first)
                return first
            case Capture(number, body):
                end = self.add(Op.SAVE, following, 2 * number + 1)
                return self.add(Op.SAVE, self.node(body, end), 2 * number)
            case Loop():
                return self.loop(node, following)
            case Reference(groups, caseless):
                return self.add(Op.REFERENCE, following, int(caseless), groups)
            case Atomic(body):
                return self.add(Op.ATOMIC, following, self.part(body))
            case Look():
                return self.look(node, following)
            case Recursion(group):
                return self.add(Op.CALL, following, group)
            case Conditional(test, yes, no):
                first, second = self.node(yes, following), self.node(no, following)
                if isinstance(test, Look):
                    test = (self.look(test, self.add(Op.END, 0)),)
                    return self.add(Op.TEST, first, second, ("look", test))
                return self.add(Op.TEST, first, second, ("group", test))

    def look(self, node: Look, following: int) -> int:
        if not node.behind:
            return self.add(Op.LOOK, following, int(node.negative), self.part(node.body))
        parts = tuple((width(branch) or 0, self.part(branch)) for branch in branches(node.body))
        return self.add(Op.BEHIND, following, int(node.negative), parts)

    def loop(self, node: Loop, following: int) -> int:
        """`x{2,4}` is `xx(?:x(?:x)?)?`, `x{2,}` is `xxx*`; a turn of the loop that takes nothing is its last."""
        if node.mode == "possessive":
            return self.add(Op.ATOMIC, following, self.part(Loop(node.body, node.low, node.high, "greedy")))
        if node.high is None:
            following = self.endless(node, following)
        else:
            end = following
            for _ in range(node.high - node.low):
                following = self.fork(self.node(node.body, following), end, node)
        for _ in range(node.low):
            following = self.node(node.body, following)
        return following

    def endless(self, node: Loop, following: int) -> int:
        slot = self.slots
        self.slots += 1
        head = self.add(Op.JUMP, 0)
        body = self.add(Op.MARK, self.node(node.body, self.add(Op.MOVED, head, following, slot)), slot)
        self.states[head] = (Op.JUMP, self.fork(body, following, node), 0, None)
        return head

    def fork(self, body: int, following: int, node: Loop) -> int:
        return self.add(Op.SPLIT, following, body) if node.mode == "lazy" else self.add(Op.SPLIT, body, following)


def assemble(pattern: Pattern) -> Program:
    """The program of a pattern; MatchLimitError when its counted repetitions make it too big."""
    builder = _Builder(pattern)
    start = builder.part(pattern.root)
    for node in nodes(pattern.root):
        if isinstance(node, Recursion) and node.group not in builder.entries:
            builder.entries[node.group] = builder.part(builder.groups[node.group])
    return Program(tuple(builder.states), start, builder.entries, builder.slots)


class Machine:
    """Searches with one program."""

    __slots__ = ("_program",)

    def __init__(self, pattern: Pattern) -> None:
        """The pattern as it was parsed."""
        self._program = assemble(pattern)

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere; MatchLimitError when that takes too many steps."""
        search = _Search(self._program, text, Budget(STEP_LIMIT))
        return any(search.begin(index) for index in range(len(text) + 1))


class _Search:
    """One search: what the groups hold, and what they held before, to go back to."""

    __slots__ = ("budget", "depth", "end", "program", "slots", "text", "trail")

    def __init__(self, program: Program, text: str, budget: Budget) -> None:
        self.program = program
        self.text = text
        self.end = len(text)
        self.budget = budget
        self.depth = 0
        self.slots = [-1] * program.slots
        self.trail: list[tuple[int, int]] = []

    def begin(self, index: int) -> bool:
        """Whether the pattern matches at a place."""
        self.slots = [-1] * self.program.slots
        self.trail.clear()
        return self.run(self.program.start, index) >= 0

    def back(self, length: int) -> None:
        """Takes back what has been put into slots."""
        while len(self.trail) > length:
            slot, old = self.trail.pop()
            self.slots[slot] = old

    def put(self, slot: int, value: int) -> None:
        """Fills a slot."""
        self.trail.append((slot, self.slots[slot]))
        self.slots[slot] = value

    def run(self, state: int, index: int) -> int:
        """Where the first match of a part ends that begins at a place; -1 where there is none."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise MatchLimitError(f"search with a Perl-compatible pattern nests deeper than {DEPTH_LIMIT}")
        begin = len(self.trail)
        waiting = [(state, index, begin)]
        states, text = self.program.states, self.text
        while waiting:
            state, index, length = waiting.pop()
            self.back(length)
            while index >= 0:
                self.budget.spend(1)
                op, following, other, what = states[state]
                if op is Op.CHARS:
                    if index == self.end or not what >> ord(text[index]) & 1:  # type: ignore[operator]
                        break
                    index += 1
                elif op is Op.SPLIT:
                    waiting.append((other, index, len(self.trail)))
                elif op is Op.END:
                    self.depth -= 1
                    return index
                elif op is not Op.JUMP:
                    following, index = self.step(states[state], index)
                state = following
        self.back(begin)
        self.depth -= 1
        return -1

    def step(self, state: State, index: int) -> tuple[int, int]:
        """The next state and place; the place is -1 where the way ends."""
        op, following, other, what = state
        match op:
            case Op.SPOT:
                assert isinstance(what, Spot)
                return following, index if self.holds(what, index) else -1
            case Op.SAVE | Op.MARK:
                self.put(other, index)
            case Op.MOVED:
                assert isinstance(what, int)
                return (following if self.slots[what] != index else other), index
            case Op.REFERENCE:
                return following, self.repeated(what, index, caseless=bool(other))
            case Op.ATOMIC:
                return following, self.run(other, index)
            case Op.LOOK | Op.BEHIND:
                return following, index if self.looks(state, index) else -1
            case Op.CALL:
                return following, self.call(other, index)
            case Op.TEST:
                return (following if self.tested(what, index) else other), index
        return following, index

    def holds(self, spot: Spot, index: int) -> bool:
        """Whether an assertion is true of a place."""
        text, end = self.text, self.end
        match spot:
            case Spot.TEXT_START:
                return index == 0
            case Spot.TEXT_END:
                return index == end
            case Spot.LAST_LINE_END:
                return index == end or (index == end - 1 and text[index] == "\n")
            case Spot.LINE_START:
                return index == 0 or (index < end and text[index - 1] == "\n")
            case Spot.LINE_END:
                return index == end or text[index] == "\n"
            case Spot.WORD_EDGE | Spot.NOT_WORD_EDGE:
                before = index > 0 and bool(charsets.WORD >> ord(text[index - 1]) & 1)
                after = index < end and bool(charsets.WORD >> ord(text[index]) & 1)
                return (before != after) == (spot is Spot.WORD_EDGE)

    def repeated(self, groups: object, index: int, *, caseless: bool) -> int:
        """Where the text of a group ends if it stands here, else -1."""
        assert isinstance(groups, tuple)
        for group in groups:
            begin, end = self.slots[2 * group], self.slots[2 * group + 1]
            if begin < 0 or end < begin:
                continue
            taken, here = self.text[begin:end], self.text[index : index + end - begin]
            self.budget.spend(len(taken) // 16)
            if taken == here or (caseless and taken.encode("latin-1").lower() == here.encode("latin-1").lower()):
                return index + len(taken)
            return -1
        return -1

    def looks(self, state: State, index: int) -> bool:
        """Whether a look around goes as it should; what groups took in a negative one is forgotten."""
        op, _, negative, what = state
        before = len(self.trail)
        if op is Op.LOOK:
            assert isinstance(what, int)
            found = self.run(what, index) >= 0
        else:
            assert isinstance(what, tuple)
            found = any(index >= length and self.run(start, index - length) >= 0 for length, start in what)
        if negative:
            self.back(before)
        return found != bool(negative)

    def call(self, group: int, index: int) -> int:
        """Where a group's pattern ends that is matched once more; its groups keep what they had."""
        before = len(self.trail)
        end = self.run(self.program.entries[group], index)
        self.back(before)
        return end

    def tested(self, what: object, index: int) -> bool:
        """What the test of a conditional says."""
        assert isinstance(what, tuple)
        kind, test = what
        if kind == "look":
            return self.run(test[0], index) >= 0
        return test is not None and any(self.slots[2 * group + 1] >= 0 for group in test)
