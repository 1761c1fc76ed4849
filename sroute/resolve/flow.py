"""What can happen on the ways through a script: a domain's states are carried along every path, through `route(...)` calls.

A domain says what a call, an assignment or a test does to its state; this room knows the order of things: conditions and their
branches, loops, switch, `return`, `exit`, `drop`, and what is known of the request's method. States are small hashable values; a
path is told from another one only by its state, so that the work is bounded by the number of states and not of paths.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, cast

from sroute.resolve.domain import Domain, GaveUpError, Here, Key, Truth
from sroute.resolve.methods import ALL, matching
from sroute.resolve.program import Program
from sroute.resolve.shapes import COMPARES, Shapes
from sroute.syntax.nodes import (
    Assign,
    AssignExpression,
    Binary,
    Block,
    BlockExpression,
    Call,
    CallStatement,
    CoreCall,
    Empty,
    Expression,
    If,
    Leave,
    Literal,
    Route,
    RouteCall,
    RouteKind,
    Selval,
    Statement,
    Switch,
    Unary,
    Variable,
    While,
    Word,
)
from sroute.syntax.walk import children

S = TypeVar("S", bound=Hashable)
MAX_STATES = 64
MAX_CONTEXTS = 40
MAX_STEPS = 400_000
REQUESTS: frozenset[RouteKind] = frozenset(["request", "failure", "branch"])
REPLIES: frozenset[RouteKind] = frozenset(["reply", "onreply"])
RC = frozenset(["rc"])
Facts = frozenset[tuple[object, bool]]
NO_FACTS: Facts = frozenset()


class State(NamedTuple, Generic[S]):
    """A domain's state with what all domains share: possible methods, conditions that were tested, the last command's result."""

    own: S
    methods: int = ALL
    facts: Facts = NO_FACTS
    last: Truth = True


States = dict[State[S], None]


@dataclass(slots=True)
class _Frame(Generic[S]):
    """One run through a block: the ways out of it."""

    returns: dict[State[S], None]
    ends: dict[tuple[State[S], bool], None]
    breaks: list[States[S]]


@dataclass(frozen=True, slots=True)
class _Summary(Generic[S]):
    returns: tuple[State[S], ...] = ()
    """States behind the call; `last` is the result."""
    ends: tuple[tuple[State[S], bool], ...] = ()
    """States in which the script ended, and whether by `drop`."""


class Paths(Generic[S]):
    """Follows one domain through a program."""

    def __init__(self, program: Program, domain: Domain[S], shapes: Shapes, *, exact: bool = False, values: bool = False) -> None:
        """With exact, conditions that occur again are remembered: slower, and no path goes two ways through equal tests.

        With values, constants that are assigned are remembered, too.
        """
        self.program = program
        self.domain = domain
        self.shapes = shapes
        self.exact, self.values = exact, values
        self.entry: Route | None = None
        self._known: dict[tuple[RouteKind, Key, State[S]], _Summary[S]] = {}
        self._contexts: dict[tuple[RouteKind, Key], int] = {}
        self._active: list[Key] = []
        self._frames: list[_Frame[S]] = []
        self._steps = 0
        self._merges = domain.merges
        self._raw = program.settings.integer("return_mode", 0) == 1

    def run(self, entries: Iterable[Key]) -> None:
        """Follows the domain from each entry point.

        Raises GaveUpError.
        """
        for key in entries:
            self.enter(key)

    def enter(self, key: Key) -> _Summary[S]:
        """Follows the domain from one entry point to all its ends."""
        routes = self.program.routes.get(key, [])
        if not routes:
            return _Summary()
        self.entry = routes[0]
        states: States[S] = {State(self.domain.initial(routes[0])): None}
        ends: dict[tuple[State[S], bool], None] = {}
        for route in routes:
            summary = self._through(key, [route], states)
            ends.update(dict.fromkeys(summary.ends))
            states = self._settled(dict.fromkeys(summary.returns))
        for state in states:
            self.domain.leave(routes[-1], state.own, self._here(state))
        return _Summary(tuple(states), tuple(ends))

    # ------------------------------------------------------------ blocks

    def _through(self, key: Key, routes: list[Route], states: States[S]) -> _Summary[S]:
        frame: _Frame[S] = _Frame({}, {}, [])
        self._frames.append(frame)
        self._active.append(key)
        for route in routes:
            states = self._block(route.body, {_fresh(state): None for state in states})
            frame.returns.update(states)
        self._active.pop()
        self._frames.pop()
        return _Summary(tuple(frame.returns), tuple(frame.ends))

    def _summary(self, key: Key, state: State[S]) -> _Summary[S]:
        """What a block makes of a state, worked out once for each; a block that calls itself adds nothing."""
        assert self.entry is not None
        plain = _fresh(state)
        asked = (self.entry.kind, key, plain)
        known = self._known.get(asked)
        if known is not None:
            return known
        if key in self._active:
            return _Summary()
        contexts = self._contexts.get(asked[:2], 0)
        if contexts >= MAX_CONTEXTS:
            raise GaveUpError
        self._contexts[asked[:2]] = contexts + 1
        made = self._through(key, self.program.routes[key], {plain: None})
        self._known[asked] = made
        return made

    def _block(self, block: Block, states: States[S]) -> States[S]:
        return self._sequence(block.statements, states)

    def _sequence(self, statements: Iterable[Statement], states: States[S]) -> States[S]:
        for statement in statements:
            if not states:
                break
            self._steps += len(states)
            if self._steps > MAX_STEPS or len(states) > MAX_STATES:
                raise GaveUpError
            states = self._settled(self._statement(statement, states))
        return states

    def _settled(self, states: States[S]) -> States[S]:
        """Paths that meet become one where the domain wants it."""
        if not self._merges or len(states) < 2:
            return states
        found, *others = states
        for other in others:
            last = found.last if found.last == other.last else None
            own = self.domain.merge(found.own, other.own)
            found = State(own, found.methods | other.methods, found.facts & other.facts, last)
        return {found: None}

    # ------------------------------------------------------------ statements

    def _statement(self, node: Statement, states: States[S]) -> States[S]:
        match node:
            case Assign():
                return self._assign(node, states)
            case CallStatement(call=call):
                results = self._call(call, states)
                return {
                    State(state.own, state.methods, self._with_result(state.facts, None, truth), truth): None for state, truth in results
                }
            case If():
                true, false = self._truths(node.condition, states)
                behind = self._block(node.then, _fine(true))
                other = _fine(false) if node.other is None else self._block(node.other, _fine(false))
                return behind | other
            case While():
                return self._loop(node, states)
            case Switch():
                return self._switch(node, states)
            case Leave():
                self._leave(node, states)
                return {}
            case Empty():
                return states

    def _assign(self, node: Assign, states: States[S]) -> States[S]:
        behind: States[S] = {}
        changed = self.shapes.variable(node.target)
        told = self.shapes.told(node) if self.values else None
        for state, truth in self._values_of(node.value, states):
            own = self.domain.assign(node, state.own, self._here(state))
            facts = self.shapes.without(state.facts, changed)
            facts = self._with_result(facts, node.target, truth) if told is None else facts | {(told, True)}
            behind[State(own, state.methods, facts, True)] = None
        return behind

    def _values_of(self, node: Expression, states: States[S]) -> Iterable[tuple[State[S], Truth]]:
        """The states behind the right side of an assignment, with what a call gave."""
        if isinstance(node, Call | CoreCall | RouteCall):
            return self._call(node, states)
        return [(state, None) for state in self._effects(node, states)]

    def _with_result(self, facts: Facts, target: Variable | None, truth: Truth) -> Facts:
        """The facts with the sign of a return code, in a variable or in `$rc`."""
        shape = self.shapes.result(target, truth) if self.values and truth is not None else None
        return facts if shape is None else facts | {(shape, True)}

    def _loop(self, node: While, states: States[S]) -> States[S]:
        frame = self._frames[-1]
        frame.breaks.append({})
        behind: States[S] = {}
        seen: States[S] = {}
        fresh = states
        while fresh:
            seen |= fresh
            if len(seen) > MAX_STATES:
                raise GaveUpError
            true, false = self._truths(node.condition, fresh)
            behind |= _fine(false)
            after = self._settled(self._block(node.body, _fine(true)) | (seen if self._merges else {}))
            fresh = {state: None for state in _fine(after) if state not in seen}
        return behind | _fine(frame.breaks.pop())

    def _switch(self, node: Switch, states: States[S]) -> States[S]:
        frame = self._frames[-1]
        frame.breaks.append({})
        entering = self._effects(node.selector, states)
        falling: States[S] = {}
        for case in node.cases:
            falling = self._sequence(case.body, self._settled(entering | falling))
        skipped = {} if any(case.label is None for case in node.cases) else entering
        return _fine(skipped) | falling | _fine(frame.breaks.pop())

    def _leave(self, node: Leave, states: States[S]) -> None:
        frame = self._frames[-1]
        if node.value is not None:
            states = self._effects(node.value, states)
        if node.how == "break" and frame.breaks:
            frame.breaks[-1].update(states)
            return
        result = self._result(node)
        ends = node.how in ("exit", "drop") or (node.how == "return" and result == 0)
        for state in states:
            if ends:
                own = self.domain.leave(node, state.own, self._here(state))
                last = True if result is None and node.how != "return" else bool(result)
                frame.ends[State(own, state.methods, state.facts, last), node.how == "drop"] = None
            else:
                truth = None if result is None else result > 0
                own = self.domain.returns(node, state.own, result, self._here(state))
                frame.returns[State(own, state.methods, state.facts, truth)] = None

    def _result(self, node: Leave) -> int | None:
        """The code that a leave gives, where it is known."""
        if node.value is None:
            return 0 if node.how == "break" else 1
        value = self.program.constants.of(node.value)
        return value if isinstance(value, int) else None

    # ------------------------------------------------------------ conditions

    def _truths(self, node: Expression, states: States[S]) -> tuple[States[S], States[S]]:
        """The states in which a condition is true, and those in which it is false."""
        if not states:
            return {}, {}
        match node:
            case Unary(op="!"):
                true, false = self._truths(node.operand, states)
                return false, true
            case Binary(op="&&"):
                true, false = self._truths(node.left, states)
                both, neither = self._truths(node.right, self._settled(true))
                return both, false | neither
            case Binary(op="||"):
                true, false = self._truths(node.left, states)
                either, neither = self._truths(node.right, self._settled(false))
                return true | either, neither
            case Call() | CoreCall() | RouteCall():
                return _split(self._call(node, states))
            case Binary(op=op, left=Call() | CoreCall() | RouteCall() as call, right=right) if op in COMPARES and not self._raw:
                value = self.program.constants.of(right)
                return (
                    self._compared(node, call, value, states) if isinstance(value, int) else self._leaf(node, self._effects(node, states))
                )
            case Literal(value=int(value)):
                return (states, {}) if value > 0 else ({}, states)
            case _:
                return self._leaf(node, self._effects(node, states))

    def _compared(self, node: Binary, call: Call | CoreCall | RouteCall, value: int, states: States[S]) -> tuple[States[S], States[S]]:
        """A call that is compared with a number: in an expression it gives 1 or 0."""
        true: States[S] = {}
        false: States[S] = {}
        for state, truth in self._call(call, states):
            for outcome in (True, False) if truth is None else (truth,):
                (true if COMPARES[node.op](int(outcome), value) else false)[state] = None
        return true, false

    def _leaf(self, node: Expression, states: States[S]) -> tuple[States[S], States[S]]:
        true: States[S] = {}
        false: States[S] = {}
        constant = self.program.constants.of(node)
        shape = self.shapes.repeated(node) if self.exact else None
        for state in states:
            decided = self.shapes.decided(node, state.facts) if self.values and state.facts else None
            for truth, found in ((True, true), (False, false)):
                if isinstance(constant, int) and (constant > 0) != truth:
                    continue
                if shape is not None and (shape, not truth) in state.facts:
                    continue
                if decided is not None and decided != truth:
                    continue
                methods = state.methods & matching(node, truth=truth)
                own = self.domain.test(node, state.own, truth)
                if methods and own is not None:
                    facts = state.facts if shape is None else state.facts | {(shape, truth)}
                    found[State(own, methods, facts, state.last)] = None
        return true, false

    # ------------------------------------------------------------ expressions

    def _effects(self, node: Expression | Word, states: States[S]) -> States[S]:
        """The states after an expression that is no condition has been computed."""
        match node:
            case Literal() | Word():
                return states
            case Variable():
                for state in states:
                    self.domain.read(node, state.own, self._here(state))
                return states
            case Binary(op="&&" | "||"):
                true, false = self._truths(node, states)
                return true | false
            case Call() | CoreCall() | RouteCall():
                return {state: None for state, _ in self._call(node, states)}
            case AssignExpression(assign=assign):
                return self._assign(assign, states)
            case BlockExpression(block=block):
                return self._block(block, states)
            case Selval():
                true, false = self._truths(node.condition, states)
                return self._effects(node.then, true) | self._effects(node.other, false)
            case _:
                for part in children(node):
                    states = self._effects(cast(Expression, part), states)
                return states

    def _call(self, node: Call | CoreCall | RouteCall, states: States[S]) -> list[tuple[State[S], Truth]]:
        if isinstance(node, RouteCall):
            return self._route_call(node, self._effects(node.target, states))
        for arg in node.args:
            states = self._effects(arg, states)
        results: dict[tuple[State[S], Truth], None] = {}
        known = self._foretold(node)
        shape = self.shapes.repeated(node) if self.exact else None
        changed = self.shapes.changed_by(node)
        for state in states:
            facts = self.shapes.without(state.facts, changed) if changed else state.facts
            for own, truth in self.domain.call(node, state.own, self._here(state)):
                for outcome in (True, False) if truth is None and (shape or node.name == "is_method") else (truth,):
                    if known is not None and outcome is not None and outcome != known:
                        continue
                    if shape is not None and (shape, not outcome) in facts:
                        continue
                    methods = state.methods if outcome is None else state.methods & matching(node, truth=outcome)
                    learned = facts if shape is None or outcome is None else facts | {(shape, outcome)}
                    if methods:
                        results[State(own, methods, learned, state.last), known if outcome is None else outcome] = None
        return list(results)

    def _foretold(self, node: Call | CoreCall) -> Truth:
        """The result of a predicate that depends on the kind of block only."""
        assert self.entry is not None
        if node.name in ("is_request", "is_reply") and self.entry.kind in REQUESTS | REPLIES:
            return (self.entry.kind in REQUESTS) == (node.name == "is_request")
        return None

    def _route_call(self, node: RouteCall, states: States[S]) -> list[tuple[State[S], Truth]]:
        frame = self._frames[-1]
        results: dict[tuple[State[S], Truth], None] = {}
        keys = list(self.targets(node))
        for state in states:
            own = self.domain.route(node, state.own, self._here(state))
            if not keys:
                results[State(self.domain.unknown(node, own), state.methods, NO_FACTS, state.last), None] = None
            for key in keys:
                summary = self._summary(key, State(own, state.methods, state.facts))
                frame.ends.update(dict.fromkeys(summary.ends))
                for each in summary.returns:
                    own = self.domain.behind(node, each.own)
                    results[State(own, each.methods, self.shapes.without(each.facts, RC)), each.last] = None
        return list(results)

    def targets(self, node: RouteCall) -> Iterator[Key]:
        """The blocks that a call may enter."""
        name = self.program.constants.of(node.target)
        if name is not None:
            key: Key = ("request", str(name))
            if key not in self.program.routes and str(name) == "0":
                key = ("request", None)
            if key in self.program.routes:
                yield key
            return
        yield from self.shapes.dynamic_targets(node)

    def _here(self, state: State[S]) -> Here:
        assert self.entry is not None
        return Here(self.entry, state.methods, tuple(name or "" for _, name in self._active), state.last)


def _fresh(state: State[S]) -> State[S]:
    """The state at the beginning of a block, whose result is not decided yet."""
    return state if state.last is True else State(state.own, state.methods, state.facts)


def _fine(states: States[S]) -> States[S]:
    """A condition was the last command; it counts as true."""
    return {_fresh(state): None for state in states}


def _split(results: Iterable[tuple[State[S], Truth]]) -> tuple[States[S], States[S]]:
    true: States[S] = {}
    false: States[S] = {}
    for state, truth in results:
        if truth is not False:
            true[state] = None
        if truth is not True:
            false[state] = None
    return true, false


__all__ = ["Domain", "GaveUpError", "Here", "Key", "Paths", "State", "Truth"]
