"""Script functions of tmx."""

from sroute.exports.fixups import FORMAT, INTEGER, TEXT, Constant, FixupError, Names, Scope
from sroute.modules.offering import ends_script
from sroute.modules.tm import canceling, forwarding, lookup, replying, suspending
from sroute.modules.tm.binding import context, current
from sroute.modules.tm.canceling import Canceling
from sroute.modules.tmx.declaration import Extensions, tmx
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run


@tmx.function("t_precheck_trans")
def precheck_trans(state: Extensions, run: Run) -> int:
    """True when another process works on the same request at this moment: never here, where one message follows the other.

    Example: if (t_precheck_trans()) { t_check_trans(); exit; }
    """
    return -1


@tmx.function("t_is_request_route")
def is_request_route(state: Extensions, run: Run) -> int:
    """Whether request_route runs (or a route that it has called)."""
    return 1 if run.kind is Routes.REQUEST else -1


@tmx.function("t_is_failure_route")
def is_failure_route(state: Extensions, run: Run) -> int:
    """Whether a failure_route runs (or a route that it has called)."""
    return 1 if run.kind is Routes.FAILURE else -1


@tmx.function("t_is_branch_route")
def is_branch_route(state: Extensions, run: Run) -> int:
    """Whether a branch_route runs (or a route that it has called)."""
    return 1 if run.kind is Routes.BRANCH else -1


@tmx.function("t_is_reply_route")
def is_reply_route(state: Extensions, run: Run) -> int:
    """Whether a reply_route or an onreply_route runs (or a route that it has called)."""
    return 1 if run.kind & Routes.ANY_REPLY else -1


@tmx.function("t_flush_flags")
def flush_flags(state: Extensions, run: Run) -> int:
    """Puts the message flags as they are now into the transaction; -1 without one."""
    t = current(run)
    if t is None:
        state.complain(run, "ERROR", "failed to flush flags - no transaction found")
        return -1
    t.request.flags = run.message.flags
    return 1


@tmx.function("t_flush_xflags")
def flush_xflags(state: Extensions, run: Run) -> int:
    """Puts the message flags and extended flags as they are now into the transaction; -1 without one."""
    t = current(run)
    if t is None:
        state.complain(run, "ERROR", "failed to flush flags - no transaction found")
        return -1
    t.request.flags, t.request.xflags = run.message.flags, run.message.xflags
    return 1


class _Which:
    """`all`, `others` or `this`."""

    form = "all, others or this"

    def parse(self, text: str, names: Names) -> str:
        """Which branches."""
        if text.lower() not in ("all", "others", "this"):
            raise FixupError(f'invalid param "{text}"')
        return text.lower()

    def bind(self, parsed: str, scope: Scope) -> Constant[str]:
        """A constant."""
        return Constant(parsed)


@tmx.function("t_cancel_branches", _Which())
def cancel_branches(state: Extensions, run: Run, which: str) -> int:
    """Cancels branches of an INVITE from an onreply_route: all, all others, or the one of this reply; -1 when there is none.

    Example: t_cancel_branches("others");
    """
    t, here = current(run), context(run)
    if t is None or not t.is_invite:
        return -1
    final = run.message.status >= 200
    mine = here.index if which == "others" or (which == "all" and final) else -1
    if which == "this":
        marked = [] if final else [t.branches[here.index]]
    else:
        marked = [b for b in t.branches if b.index != mine and canceling.mark_one(b, unanswered=True)]
    if not marked:
        return -1
    replying.cancel_open(state.transactions, t, Canceling(marked), 0)
    return 1


@tmx.function("t_cancel_callid", FORMAT, FORMAT, INTEGER)
def cancel_callid(state: Extensions, run: Run, call_id: str, number: str, flag: int) -> int:
    """Cancels the branches of the INVITE with that Call-ID and CSeq number, and sets a flag for its routes; -1 when there is none.

    Example: t_cancel_callid("$var(cid)", "1", "5");
    """
    return _cancel_call(state, call_id, number, flag, 0)


@tmx.function("t_cancel_callid", FORMAT, FORMAT, INTEGER, INTEGER)
def cancel_callid_reason(state: Extensions, run: Run, call_id: str, number: str, flag: int, code: int) -> int:
    """As t_cancel_callid(), with a code for the Reason of the CANCELs."""
    return _cancel_call(state, call_id, number, flag, code)


def _cancel_call(state: Extensions, call_id: str, number: str, flag: int, code: int) -> int:
    tm = state.transactions
    t = lookup.find_call(tm, call_id, number)
    if t is None:
        return -1
    if 0 < flag < 32:
        t.request.flags |= 1 << flag
    replying.cancel_open(tm, t, Canceling(canceling.mark(t), code if 100 <= code <= 699 else 0), 0)
    return 1


@tmx.function("t_reply_callid", FORMAT, FORMAT, INTEGER, FORMAT)
def reply_callid(state: Extensions, run: Run, call_id: str, number: str, code: int, reason: str) -> int:
    """Answers the INVITE with that Call-ID and CSeq number; -1 when there is none.

    Example: t_reply_callid("$var(cid)", "1", "486", "Busy");
    """
    tm = state.transactions
    t = lookup.find_call(tm, call_id, number)
    return -1 if t is None else replying.make(tm, t, t.request, code, reason)


@tmx.function("t_suspend")
def suspend(state: Extensions, run: Run) -> int:
    """Keeps the request for later: t_continue() runs a route over it. The script goes on; makes the transaction where there is none.

    Example: t_suspend(); $sht(a=>$ci) = $T(id_index) + ":" + $T(id_label); exit;
    """
    tm = state.transactions
    if current(run) is None:
        made = forwarding.new_transaction(tm, run)
        if made < 0 or current(run) is None:
            state.complain(run, "ERROR", "cannot create the transaction" if made < 0 else "cannot lookup the transaction")
            return -1
    if suspending.suspend(tm, run) < 0:
        state.complain(run, "ERROR", "failed to suppend the processing")
        return -1
    return 1


@tmx.function("t_continue", INTEGER, INTEGER, FORMAT)
def resume(state: Extensions, run: Run, index: int, label: int, route: str) -> int:
    """Runs a route over a request that t_suspend() has kept, found by `$T(id_index)` and `$T(id_label)`.

    Example: t_continue("$var(index)", "$var(label)", "RESUMED");
    """
    tm = state.transactions
    if not tm.services.has_route(Routes.REQUEST, route):
        state.complain(run, "ERROR", f"empty action lists in route block [{route}]")
        return -1
    with tm.working(run.process):
        code = suspending.resume(tm, index & 0xFFFFFFFF, label & 0xFFFFFFFF, route)
    if code < 0:
        state.complain(run, "WARNING", f"resuming the processing of transaction [{index & 0xFFFFFFFF}:{label & 0xFFFFFFFF}] failed")
        return -1
    return 1


@tmx.function("t_reuse_branch")
def reuse_branch(state: Extensions, run: Run) -> int:
    """In event_route[tm:branch-failure]: the R-URI becomes that of the branch that has failed, to relay it again."""
    t, here = current(run), context(run)
    if t is None:
        state.complain(run, "ERROR", "no transaction")
        return -1
    if run.kind is not Routes.BRANCH_FAILURE:
        state.complain(run, "ERROR", f"unsupported route_type {run.kind.value}")
        return -1
    branch, message = t.branches[here.index], run.message
    message.uri = branch.uri
    message.ruid, message.path, message.instance = branch.ruid or None, branch.path or None, branch.instance or None
    run.dset.ruri_flags = branch.flags
    return 1


@tmx.function("t_drop")
def drop(state: Extensions, run: Run) -> int:
    """Ends the transaction without telling anybody."""
    return _drop(state, run, 0)


@tmx.function("t_drop", INTEGER)
def drop_with(state: Extensions, run: Run, code: int) -> int:
    """Ends the transaction without telling anybody; it counts as answered with that code."""
    return _drop(state, run, code)


def _drop(state: Extensions, run: Run, code: int) -> int:
    t = lookup.check(state.transactions, run)
    if t is None:
        state.complain(run, "ERROR", "no transaction")
        return -1
    return suspending.drop(state.transactions, run, t, code)


@tmx.function("bind_tmx", TEXT)
def bind_tmx(state: Extensions, run: Run, name: str) -> int:
    """What other modules call to use tmx: not meant for scripts, in which it does nothing and ends the script.

    Example: bind_tmx("x");
    """
    assert state.services is not None
    return ends_script(state.services, run, "bind_tmx")
