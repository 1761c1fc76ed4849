"""What becomes of a reply from a branch: goes upstream, is stored until all have answered, starts a failure_route, is dropped."""

from dataclasses import dataclass
from enum import Enum

from sroute.modules.tm import canceling, following, picking, routes
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.canceling import Canceling
from sroute.modules.tm.picking import ERROR, PENDING
from sroute.modules.tm.transaction import Answer, Branch, Transaction
from sroute.runtime import sererror

KEEP_ALL = 0
DROP_ALL = 1
DROP_LAST = 2
DROP_IF_FORKED = 3


class Status(Enum):
    """What a reply did to its transaction."""

    ERROR = "error"
    DISCARDED = "discarded"
    STORED = "stored"
    PROVISIONAL = "provisional"
    COMPLETED = "completed"
    AFTER_COMPLETION = "after completion"


@dataclass(frozen=True, slots=True)
class Decision:
    """relay is the branch whose reply goes upstream (-1: none), store keeps the current one; failed is an error to tell instead."""

    status: Status
    relay: int = -1
    store: bool = False
    failed: int | None = None


_DISCARD = Decision(Status.DISCARDED)
_WAIT = Decision(Status.STORED, store=True)


def decide(tm: Tm, t: Transaction, answer: Answer, branch: Branch, code: int, open_ones: Canceling) -> Decision:
    """Decides about a reply; open_ones takes the branches that are to be cancelled for it."""
    success = 200 <= code < 300 and t.is_invite
    if t.status >= 200:
        if not success:
            return _DISCARD
        branch.last = code
        return Decision(Status.AFTER_COMPLETION, branch.index)
    if branch.last >= 200 and not (success and branch.last < 300):
        if branch.last not in (code, 487) and not (branch.last == 408 and code == 487):
            tm.complain("WARNING", f"status rewrite by UAS: stored: {branch.last}, received: {code}")
        return _DISCARD
    if code >= 300:
        return _failed(tm, t, answer, branch, code, open_ones)
    if code < 100:
        return _DISCARD
    branch.last = code
    relay = -1 if code == 100 else branch.index
    if code < 200:
        return Decision(Status.PROVISIONAL, relay)
    open_ones.branches += canceling.mark(t)
    open_ones.cause = code
    return Decision(Status.COMPLETED, relay)


def _failed(tm: Tm, t: Transaction, answer: Answer, branch: Branch, code: int, open_ones: Canceling) -> Decision:
    """A negative reply: wait for the others, or let the failure_route have it."""
    branch.last = code
    if branch.on_branch_failure:
        branch.reply = answer
        routes.branch_failure(tm, t, branch)
        if not t.continuing:
            branch.reply = None
    picked, _ = picking.pick(t, branch, code, tm.faked_reply_prio)
    if picked == PENDING:
        if 600 <= code <= 699 and not (t.stopped_6xx or t.ignore_6xx):
            open_ones.branches += canceling.mark(t)
            open_ones.cause = code
            t.stopped_6xx = True
        return _WAIT
    if picked == ERROR:
        tm.complain("CRITICAL", "error -- lowest==-1")
        return _DISCARD
    return _all_done(tm, t, answer, branch, code, picked)


def _all_done(tm: Tm, t: Transaction, answer: Answer, branch: Branch, code: int, picked: int) -> Decision:
    """Every branch has failed; the failure_route may answer, or add branches."""
    count = len(t.branches)
    branch.reply = answer
    t.stopped_6xx = False
    dropped, error = False, 0
    following.fail(t, t.branches[picked], answer if picked == branch.index else t.branches[picked].reply)
    if t.branches[picked].on_failure:
        here = routes.failure(tm, t, t.branches[picked], tm.failure_reply_mode)
        error = here.error
        dropped = _drop(t, here.drop_replies, count)
    if not t.continuing:
        branch.reply = None
    if t.status >= 200:
        return Decision(Status.COMPLETED)
    if len(t.branches) > count:
        new, _ = picking.pick(t, None if dropped else branch, code, tm.faked_reply_prio)
        if new == PENDING:
            return _DISCARD if dropped else _WAIT
        if new >= 0:
            picked = new
        elif dropped:
            return Decision(Status.COMPLETED, failed=error or sererror.UNSPEC)
    elif dropped:
        return Decision(Status.COMPLETED, failed=error or sererror.UNSPEC)
    return Decision(Status.COMPLETED, picked)


def _drop(t: Transaction, mode: int, count: int) -> bool:
    """Forgets the replies of branches that existed before the failure_route, as t_drop_replies or the parameter says."""
    forked = len(t.branches) > count
    if mode == KEEP_ALL or (mode == DROP_IF_FORKED and not forked):
        return False
    start = 0
    if mode == DROP_LAST:
        start = max((b.index for b in t.branches[:count] if b.first), default=0)
    for branch in t.branches[start:count]:
        branch.reply = None
    return True
