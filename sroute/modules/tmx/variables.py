"""Variables of tmx: `$T_reply_code`, `$T(...)`, `$T_req(...)` and their like."""

from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index, Pv
from sroute.modules.tm import forwarding, lookup, routes
from sroute.modules.tm.binding import context, current
from sroute.modules.tm.reasons import REASONS
from sroute.modules.tm.transaction import Branch, Faked, Transaction, is_message
from sroute.modules.tmx.declaration import Extensions, tmx
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run
from sroute.runtime.values import FAILED, Value
from sroute.sip.message import Message

_FAILURE = Routes.FAILURE | Routes.BRANCH_FAILURE
_UNDEFINED = -1


def _state(scope: Any) -> Extensions:
    state: Extensions = scope.services.state("tmx")
    return state


def _unsupported(state: Extensions, run: Run, before: str = "") -> None:
    state.complain(run, "ERROR", f"{before}unsupported route_type {routes.NUMBERS[run.kind]}")


def _picked(run: Run, t: Transaction) -> Branch | None:
    """The branch whose reply a failure route is about."""
    index = context(run).index
    return t.branches[index] if 0 <= index < len(t.branches) else None


# ---------------------------------------------------------------- replies


@tmx.variables_of("T_reply_code")
def reply_code(scope: Any, inner: Any, index: Index) -> Read:
    """The code of this reply, of the winning one in a failure_route, or of the last reply sent; 0 without a transaction.

    Example: if ($T_reply_code == 486) { t_on_failure("BUSY"); }
    """
    state = _state(scope)
    return lambda run: _code(state, run)


def _code(state: Extensions, run: Run) -> int:
    if run.kind & Routes.ANY_REPLY:
        return run.message.status
    t = lookup.check(state.transactions, run)
    if t is None:
        return 0
    if run.kind & _FAILURE:
        branch = _picked(run, t)
        if branch is None:
            state.complain(run, "CRITICAL", f"no picked branch ({context(run).index}) for a final response in MODE_ONFAILURE")
            return 0
        return branch.last
    return t.status if run.kind & (Routes.REQUEST | Routes.BRANCH | Routes.EVENT) else 0


@tmx.variables_of("T_reply_reason")
def reply_reason(scope: Any, inner: Any, index: Index) -> Read:
    """The reason of this reply, or of the winning one in a failure_route; empty without a transaction."""
    state = _state(scope)

    def read(run: Run) -> Value:
        if run.kind & Routes.ANY_REPLY:  # looks for the transaction, and does not keep it
            return run.message.reason if current(run) or lookup.find_reply(state.transactions, run.message) else ""
        t = lookup.check(state.transactions, run)
        if t is None:
            return ""
        if run.kind is not Routes.FAILURE:
            _unsupported(state, run)
            return FAILED
        branch = _picked(run, t)
        if branch is None:
            return FAILED
        return branch.reply.reason if is_message(branch.reply) else REASONS.get(branch.last, "Unknown")

    return read


@tmx.variables_of("T_reply_last")
def reply_last(scope: Any, inner: Any, index: Index) -> Read:
    """In an onreply_route: the highest code that the branch has received."""
    state = _state(scope)

    def read(run: Run) -> Value:
        t = current(run)
        if run.kind is not Routes.ONREPLY or t is None:
            _unsupported(state, run)
            return FAILED
        branch = _picked(run, t)
        return branch.last if branch is not None else FAILED

    return read


@tmx.variables_of("T_reply_ruid")
def reply_ruid(scope: Any, inner: Any, index: Index) -> Read:
    """The record id (`$ruid`) of the branch that this reply, or the winning one in a failure_route, came from; empty if none."""
    state = _state(scope)
    return lambda run: _ruid(state, run)


def _ruid(state: Extensions, run: Run) -> Value:
    t = lookup.check(state.transactions, run)
    if t is None:
        return ""
    if run.kind & (_FAILURE | Routes.ONREPLY):
        branch = _picked(run, t)
        return branch.ruid if branch is not None else ""
    _unsupported(state, run)
    return ""


@tmx.variables_of("T_branch_idx", static="int")
def branch_index(scope: Any, inner: Any, index: Index) -> Read:
    """The index of the branch: of this reply, of the branch_route; elsewhere the index that the next branch will have."""
    return _index


def _index(run: Run) -> int:
    if not run.message.is_request or run.kind & (Routes.BRANCH | Routes.BRANCH_FAILURE):
        return context(run).index
    if run.kind & (Routes.REQUEST | Routes.EVENT):
        return len(run.dset.branches)
    t = current(run)
    if run.kind is Routes.FAILURE and t is not None:
        return len(t.branches) + len(run.dset.branches)
    return _UNDEFINED


# ---------------------------------------------------------------- $T(...)


class _Name:
    """A name of a fixed list."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.form = ", ".join(names)
        self.names = names

    def parse(self, text: str, names: Names) -> str:
        """The name."""
        if text not in self.names:
            raise FixupError(f"unknown PV name {text}")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """A constant."""
        return Constant(parsed)


_T_NAMES = (
    *("uri", "ruid", "flags", "id_label", "id_index", "id_label_n", "id_index_n"),
    *("reply_code", "reply_type", "reply_reason", "branch_index"),
)


@tmx.variables_of("T", inner=_Name(_T_NAMES))
def transaction(scope: Any, inner: Any, index: Index) -> Read:
    """Things of the transaction: `$T(id_index)`, `$T(id_label)`, `$T(reply_code)`, `$T(reply_type)`, `$T(branch_index)`.

    `id_index_n` and `id_label_n` make the transaction where there is none.

    Example: xlog("$T(id_index):$T(id_label)\\n");
    """
    state, name = _state(scope), inner.value
    if name == "reply_code":
        return lambda run: _code(state, run)
    if name == "branch_index":
        return _index
    if name == "reply_reason":
        return reply_reason.read(scope, None, None)
    return _transaction_part(state, name)


def _transaction_part(state: Extensions, name: str) -> Read:
    makes = name.endswith("_n")

    def read(run: Run) -> Value:
        t = current(run)
        if t is None and makes:
            if forwarding.new_transaction(state.transactions, run) < 0:
                state.complain(run, "ERROR", "cannot create the transaction")
            t = current(run)
        if t is None:
            return None
        if name.startswith("id_index"):
            return t.hash_index
        if name == "reply_type":
            return _reply_type(run, t)
        return t.label - (1 << 32) if t.label >= 1 << 31 else t.label

    return read


def _reply_type(run: Run, t: Transaction) -> int:
    branch = _picked(run, t) if run.kind is Routes.FAILURE else None
    return int(branch is not None and isinstance(branch.reply, Faked))


@tmx.variables_of("T_branch", inner=_Name(_T_NAMES))
def of_branch(scope: Any, inner: Any, index: Index) -> Read:
    """Things of the branch: `$T_branch(uri)` in an onreply_route, `$T_branch(flags)` and `$T_branch(ruid)` in a failure route."""
    state, name = _state(scope), inner.value

    def read(run: Run) -> Value:
        t = current(run)
        if t is None:
            return None
        if name == "flags":
            return _branch_flags(state, run, t)
        if name == "uri":
            return _branch_uri(state, run, t)
        if name == "ruid":
            return (run.message.ruid or "") if run.kind is Routes.BRANCH else _ruid(state, run)
        return None

    return read


def _branch_flags(state: Extensions, run: Run, t: Transaction) -> int | None:
    if run.kind is not Routes.ONREPLY and not run.kind & _FAILURE:
        _unsupported(state, run)
        return None
    branch = _picked(run, t)
    return branch.flags if branch is not None else None


def _branch_uri(state: Extensions, run: Run, t: Transaction) -> str | None:
    if run.kind is not Routes.ONREPLY:
        _unsupported(state, run, "$T_branch(uri) - ")
        return None
    branch = _picked(run, t)
    return branch.uri if branch is not None else None


# ---------------------------------------------------------------- another message


class _Inner:
    """A variable in parentheses: `$T_req($ru)`."""

    form = "variable"

    def parse(self, text: str, names: Names) -> Pv:
        """The variable."""
        return names.pv(text)

    def bind(self, parsed: Pv, scope: Scope) -> Arg[Read]:
        """Its reader."""
        return Constant(scope.read(parsed))


Find = Callable[[Extensions, Run], Message | None]


def _of_message(scope: Any, read: Read, find: Find) -> Read:
    """Reads a variable of another message, null when there is none."""
    state = _state(scope)

    def value(run: Run) -> Value:
        message = find(state, run)
        if message is None:
            return None
        other = Run(run.process, message, run.kind, run.steps)
        other.avps, other.xavps, other.xavus, other.xavis = run.avps, run.xavps, run.xavus, run.xavis
        other.dset, other.extra, other.at = run.dset, run.extra, run.at
        return read(other)

    return value


def _received(t: Transaction) -> Message:
    """The request as it was received: what the script did to it is not there."""
    if t.received is None:
        t.received = Message(t.request.text, t.request.src, t.request.dst)
        t.received.flags = t.request.flags
    return t.received


def _request(state: Extensions, run: Run) -> Message | None:
    if run.message.is_request:
        return None
    t = lookup.check(state.transactions, run)
    return _received(t) if t is not None else None


def _reply(state: Extensions, run: Run) -> Message | None:
    if not run.message.is_request:
        return None
    t = lookup.check(state.transactions, run)
    branch = _picked(run, t) if t is not None and run.kind & _FAILURE else None
    return branch.reply if branch is not None and is_message(branch.reply) else None


def _invite(state: Extensions, run: Run) -> Message | None:
    if not run.message.is_request or run.message.method != "CANCEL":
        return None
    t = lookup.find_canceled(state.transactions, run.message)
    return _received(t) if t is not None else None


@tmx.variables_of("T_req", inner=_Inner())
def of_request(scope: Any, inner: Any, index: Index) -> Read:
    """In a reply route: a variable of the request, as it was received.

    Example: onreply_route[R] { xlog("$T_req($ru)\\n"); }
    """
    return _of_message(scope, inner.value, _request)


@tmx.variables_of("T_rpl", inner=_Inner())
def of_reply(scope: Any, inner: Any, index: Index) -> Read:
    """In a failure_route: a variable of the winning reply; null after a timeout.

    Example: failure_route[F] { xlog("$T_rpl($hdr(Reason))\\n"); }
    """
    return _of_message(scope, inner.value, _reply)


@tmx.variables_of("T_inv", inner=_Inner())
def of_invite(scope: Any, inner: Any, index: Index) -> Read:
    """In a CANCEL: a variable of the request that it is about.

    Example: if (is_method("CANCEL")) { xlog("$T_inv($ru)\\n"); }
    """
    return _of_message(scope, inner.value, _invite)
