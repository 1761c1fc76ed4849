"""What becomes of a request along the paths of a script: replies, relays, transactions, and what should come before them."""

from collections.abc import Iterable
from typing import NamedTuple

from sroute.linter.following import Followed, Watch, follow
from sroute.linter.knowledge import (
    AUTHENTICATES,
    CHALLENGES,
    CHOOSES,
    FINAL,
    FORWARDS,
    HANDLES,
    PREDICATES,
    QUIET,
    RELAYS,
    STATELESS_REPLY,
    TRUSTS,
)
from sroute.linter.subject import Subject
from sroute.resolve.flow import Here, Truth
from sroute.resolve.methods import ALL, BITS
from sroute.syntax.nodes import Assign, Binary, Call, CallStatement, CoreCall, CoreCondition, Expression, Leave, Route, RouteCall, Variable

NEW_TRANSACTION = frozenset(["t_newtran", "t_check_trans", "t_lookup_request", "t_suspend"])
DESTINATION = frozenset(["du", "ru", "rd", "br"])


class Fate(NamedTuple):
    """What has happened to the request: the calls by identity, 0 where there was none."""

    replied: int = 0
    relayed: int = 0
    transaction: int = 0
    recorded: int = 0
    handled: bool = False
    counted: bool = False
    guarded: bool = False
    canceled: bool = False


class Fates(Watch[Fate]):
    """Notes replies and relays that contradict each other, and what is missing before a relay."""

    REPLY_THEN_RELAY, TWO_REPLIES, REPLY_TO_ACK = "reply then relay", "two replies", "reply to ACK"
    REPLY = "reply"
    NO_TRANSACTION, STATELESS_IN_TRANSACTION, TWO_RELAYS = "no transaction", "stateless in transaction", "two relays"
    TWO_RECORDS, LATE_RECORD, ARMED_LATE = "two record routes", "late record route", "armed late"
    UNCOUNTED, OPEN, SOME_METHODS, UNANSWERED, NO_CANCEL_CHECK = "uncounted", "open", "some methods", "unanswered", "no cancel check"

    def __init__(self, subject: Subject) -> None:
        """Remembers the calls by identity."""
        super().__init__(subject)
        self._calls: dict[int, Call | CoreCall] = {}
        self._authenticates = any(call.name in AUTHENTICATES for call in subject.tree.each(Call))

    def initial(self, entry: Route) -> Fate:
        """A request has a transaction already where tm enters the script."""
        within = entry.kind in ("failure", "branch", "onreply")
        return Fate(
            transaction=-1 if within else 0, counted=entry.kind != "request", guarded=entry.kind != "request" or entry.name is not None
        )

    # ------------------------------------------------------------ calls

    def call(self, node: Call | CoreCall, state: Fate, at: Here) -> Iterable[tuple[Fate, Truth]]:
        """A function that replies, relays, or prepares that."""
        self._calls[id(node)] = node
        name = node.name
        if name in FINAL or name == "sl_reply_error" or name in CHALLENGES:
            replied = self._reply(node, state, at)
            alone = isinstance(self.subject.tree.parent(node), CallStatement)
            return ((replied, None),) if alone else ((replied, True), (state, False))
        if name in RELAYS:
            return self._relay(node, state, at)
        if name in FORWARDS:
            return ((state._replace(handled=True), None),)
        if name in NEW_TRANSACTION:
            made = state._replace(transaction=id(node) if name == "t_newtran" else state.transaction or -1)
            alone = isinstance(self.subject.tree.parent(node), CallStatement)
            return ((made, None),) if alone else ((made, True), (state, False))
        return self._prepare(node, state)

    def _prepare(self, node: Call | CoreCall, state: Fate) -> Iterable[tuple[Fate, Truth]]:
        name = node.name
        if name in ("record_route", "record_route_preset"):
            return ((self._record(node, state), None),)
        if name in ("t_on_failure", "t_on_branch", "t_on_reply") and state.relayed:
            self.note(self.ARMED_LATE, node, str(self._calls[state.relayed].span.line))
        if name in ("mf_process_maxfwd_header", "is_maxfwd_lt"):
            state = state._replace(counted=True)
        if name == "t_is_canceled":
            return ((state._replace(canceled=True), False), (state, True))
        if name in TRUSTS or name in CHOOSES or name in AUTHENTICATES:
            return ((state._replace(guarded=True), True), (state, False))
        if name in HANDLES or self._may_answer(node):
            state = state._replace(handled=True)
        return ((state, None),)

    def _may_answer(self, node: Call | CoreCall) -> bool:
        """Whether nobody knows what a function does: one that no module has, or whose module is not simulated."""
        if isinstance(node, CoreCall) or node.name in PREDICATES or node.name in QUIET:
            return False
        plan = self.subject.program.calls.get(id(node))
        return plan is None or not plan.function.simulated

    def unknown(self, node: RouteCall, state: Fate) -> Fate:
        """A block that is called by a name that nobody knows may answer, and relay."""
        return state._replace(handled=True)

    def _reply(self, node: Call | CoreCall, state: Fate, at: Here) -> Fate:
        code = self.subject.argument(node, 0) if node.name in FINAL else "500"
        if code is None or not code.isdigit() or int(code[:6]) < 200:
            return state._replace(handled=True)
        self.note(self.REPLY_TO_ACK if at.methods == BITS["ACK"] else self.REPLY, node)
        if state.replied:
            self.note(self.TWO_REPLIES, node, str(self._calls[state.replied].span.line))
        if node.name == "t_reply" and not state.transaction and at.entry.kind == "request" and at.entry.name is None:
            self.note(self.NO_TRANSACTION, node)
        if node.name in STATELESS_REPLY and state.transaction > 0 and node.name != "sl_reply_error":
            self.note(self.STATELESS_IN_TRANSACTION, node, str(self._calls[state.transaction].span.line))
        return state._replace(replied=id(node), handled=True)

    def _relay(self, node: Call | CoreCall, state: Fate, at: Here) -> Iterable[tuple[Fate, Truth]]:
        if node.name == "t_replicate":
            return ((state._replace(transaction=-1, handled=True), None),)
        self._before_relay(node, state, at)
        return (
            (state._replace(relayed=id(node), transaction=-1, handled=True), True),
            (state._replace(transaction=-1, handled=True), False),
        )

    def _before_relay(self, node: Call | CoreCall, state: Fate, at: Here) -> None:
        if state.replied:
            self.note(self.REPLY_THEN_RELAY, node, str(self._calls[state.replied].span.line))
        if state.relayed:
            self.note(self.TWO_RELAYS, node, str(self._calls[state.relayed].span.line))
        if at.entry.kind == "failure" and not state.canceled:
            self.note(self.NO_CANCEL_CHECK, node)
        if at.entry.kind != "request" or at.entry.name is not None:
            return
        if not state.counted:
            self.note(self.UNCOUNTED, node)
        if not state.guarded and at.methods & ~(BITS["ACK"] | BITS["CANCEL"] | BITS["BYE"]):
            without_invite = not at.methods & BITS["INVITE"] and at.methods != ALL
            self.note(self.SOME_METHODS if self._authenticates and without_invite else self.OPEN, node)

    def _record(self, node: Call | CoreCall, state: Fate) -> Fate:
        if state.relayed:
            self.note(self.LATE_RECORD, node, str(self._calls[state.relayed].span.line))
        elif state.recorded:
            self.note(self.TWO_RECORDS, node, str(self._calls[state.recorded].span.line))
        return state._replace(recorded=id(node))

    # ------------------------------------------------------------ the rest

    def assign(self, node: Assign, state: Fate, at: Here) -> Fate:
        """A destination that the script chooses."""
        return state._replace(guarded=True) if node.target.spec.name in DESTINATION else state

    def test(self, node: Expression, state: Fate, truth: bool) -> Fate | None:
        """A test of where the request comes from or goes to."""
        match node:
            case CoreCondition(left="uri" | "from_uri", op=op):
                return state._replace(guarded=True) if truth == (op == "==") else state
            case CoreCondition(left="src_ip" | "src_port" | "proto"):
                return state._replace(guarded=True)
            case Binary(left=Variable(spec=spec)) if spec.name in ("si", "rd", "sas", "su", "fd", "td", "Ri", "rU", "sht", "rp"):
                return state._replace(guarded=True)
            case Binary(left=Variable(spec=spec)) if spec.name == "hdr" and spec.inner == "Max-Forwards":
                return state._replace(counted=True)
            case _:
                return state

    def leave(self, node: Leave | Route, state: Fate, at: Here) -> Fate:
        """The end of the main block without anything said or done."""
        if isinstance(node, Route) and node.kind == "request" and node.name is None and not state.handled:
            if at.methods & ~BITS["ACK"]:
                self.note(self.UNANSWERED, node)
        return state


def followed(subject: Subject) -> Followed:
    """What there is to say about the fate of requests."""
    return follow(subject, Fates)
