"""t_suspend() and t_continue(): a request that waits, and goes on in another route."""

from sroute.modules.tm import replying, routes, timing
from sroute.modules.tm.binding import Done, Tm, context, current
from sroute.modules.tm.forwarding import MAX_BRANCHES
from sroute.modules.tm.lookup import find_ident
from sroute.modules.tm.saving import save_changes
from sroute.modules.tm.transaction import FAKED, Branch, Resume, Transaction, new_branch
from sroute.runtime import sererror
from sroute.runtime.dset import Dset
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run

STATE_OVER = -3


def suspend(tm: Tm, run: Run) -> int:
    """Keeps what a run works on: 0, 1 when it was cancelled already, negative an error."""
    t, here, message = current(run), context(run), run.message
    if t is None:
        tm.complain("ERROR", "transaction has not been created yet", run)
        return -1
    if t.canceled:
        return 1
    if t.status >= 200:
        return STATE_OVER
    fresh = run.dset.fresh(message)
    if message.is_request:
        blind = _suspend_request(tm, run, t)
        if blind is None:
            tm.complain("ERROR", "maximum number of branches exceeded", run)
            tm.complain("ERROR", "failed to add the blind UAC", run)
            return -1
        t.resume = Resume(run.kind.value, here.branch, blind.index, fresh)
    else:
        branch = t.branches[here.branch]
        branch.reply = message
        t.resume = Resume(run.kind.value, here.branch, -1, fresh, message)
    t.suspended = True
    t.continuing = False
    return 0


def _suspend_request(tm: Tm, run: Run, t: Transaction) -> Branch | None:
    """A branch without a message stands for the request: its timer ends the wait. None when there are too many."""
    message, here = run.message, context(run)
    if message.method == "INVITE" and t.auto_100 and t.status < 100:
        replying.make(tm, t, message, 100, tm.auto_inv_100_reason, here)
    if not t.branches:
        save_changes(t, message)
    t.request.flags = message.flags
    t.noisy = True
    if len(t.branches) >= MAX_BRANCHES:
        return None
    blind = new_branch(len(t.branches))
    blind.blind = True
    blind.on_failure = t.on_failure
    t.branches.append(blind)
    timing.start(tm, t, blind.request, reliable=True)
    here.done |= Done.FORWARDED
    return blind


def resume(tm: Tm, index: int, label: int, route: str) -> int:
    """Goes on with a route: 0, 1 when there is nothing more to do, negative an error."""
    t = find_ident(tm, index, label)
    if t is None or t.waiting:
        tm.complain("WARNING", "active transaction not found")
        return -1
    if not t.suspended or t.resume is None:
        tm.complain("WARNING", f"transaction is not suspended [{index}:{label}]")
        return -2
    if t.canceled:
        t.suspended = False
        return 1
    t.continuing, t.suspended = True, False
    try:
        return _resume_request(tm, t, t.resume, route) if t.resume.reply is None else _resume_reply(tm, t, t.resume, route)
    finally:
        t.continuing = False


def _resume_request(tm: Tm, t: Transaction, kept: Resume, route: str) -> int:
    blind = t.branches[kept.blind]
    blind.request.stop()
    if blind.last:
        return 1
    blind.last = 500
    if blind.reply is None:
        blind.reply = FAKED
    run, here = routes.prepare(tm, t, t.request.shadow(), Routes.FAILURE)
    run.dset = Dset(ruri_flags=blind.flags)
    here.index = here.branch = kept.branch
    if not kept.fresh_uri:
        run.dset.spend(run.message)
    routes.run_block(tm, Routes.REQUEST, route, run, Routes.FAILURE, "failure inside run_top_route")
    t.request.flags = run.message.flags
    if t.status < 200 and all(b.last >= 200 for b in t.branches) and replying.kill(tm, t, here.error or sererror.UNSPEC) <= 0:
        tm.complain("ERROR", "reply generation failed")
        timing.release(tm, t)
    return 0


def _resume_reply(tm: Tm, t: Transaction, kept: Resume, route: str) -> int:
    branch, reply = t.branches[kept.branch], kept.reply
    assert reply is not None
    run, here = routes.prepare(tm, t, reply, Routes.ONREPLY)
    here.branch = kept.branch
    routes.run_block(tm, Routes.REQUEST, route, run, Routes.ONREPLY, "failure inside run_top_route")
    if t.suspended:
        return 0
    replying.carry_on(tm, t, branch, reply)
    branch.reply = None
    return 0


def drop(tm: Tm, run: Run, t: Transaction, code: int) -> int:
    """t_drop(): the transaction ends; nobody is told."""
    context(run).done |= Done.RELEASED
    if code:
        t.status = code
    timing.release(tm, t)
    return 1
