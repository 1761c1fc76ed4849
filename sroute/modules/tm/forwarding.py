"""Relaying a request: its branches are built, run through branch_route and sent."""

from sroute.modules.tm import canceling, following, lookup, nexthop, replying, routes, timing
from sroute.modules.tm.binding import Context, Done, Tm, context
from sroute.modules.tm.canceling import Canceling
from sroute.modules.tm.nexthop import Proxy
from sroute.modules.tm.saving import save_changes
from sroute.modules.tm.transaction import Branch, Transaction, new_branch
from sroute.runtime import sererror
from sroute.runtime.dset import Branch as DsetBranch
from sroute.runtime.dset import Dset
from sroute.runtime.flow import DROP
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.sip import relay

MAX_BRANCHES = 12
IN_PROCESS = -10
"""t_newtran() when the transaction exists (Kamailio's E_SCRIPT)."""
CANCELED = -16
TOO_FEW = -9
"""t_newtran() for a message from which the script has taken a header that it needs."""
NO_PROXY = Proxy()


def new_transaction(tm: Tm, run: Run) -> int:
    """t_newtran(): 1 made, 0 it was a retransmission and is dealt with, negative an error."""
    message, here = run.message, context(run)
    if here.transaction is not None:
        here.transaction.request.flags = message.flags
        here.transaction.request.xflags = message.xflags
        return IN_PROCESS
    if not message.complete:
        tm.complain("ERROR", "parse_headers failed", run)
        return -400
    if message.mutilated:
        tm.complain("ERROR", "too few headers", run)
        return TOO_FEW
    found, canceled = lookup.find_request(tm, message)
    here.sought = True
    if found is not None:
        here.transaction = found
        here.done |= Done.FOUND
        if message.method == "ACK":
            here.done |= Done.RELEASED
            timing.release(tm, found)
        else:
            replying.resend(tm, found)
        return 0
    if message.method == "ACK":
        return 1
    if message.method == "INVITE" and message.from_ is None:
        tm.services.diag("ERROR", f"bad From header [{message.value('from')}]", "core", run.at)
        tm.complain("ERROR", "no valid From in INVITE", run)
        tm.complain("ERROR", "new_t failed", run)
        return -400
    if message.parsed_uri is None:
        tm.complain("ERROR", "uri invalid", run)
        tm.complain("ERROR", "new_t failed", run)
        sererror.report(run, sererror.BAD_URI)
        return -400
    following.begin(tm, run, lookup.create(tm, run, canceled=canceled))
    return 1


def relay_request(tm: Tm, run: Run, proxy: Proxy = NO_PROXY, proto: str = "", *, replicate: bool = False) -> int:
    """t_relay() in request_route: makes the transaction where there is none yet, and sends the request on."""
    message, here = run.message, context(run)
    if message.method == "CANCEL":
        return _relay_cancel(tm, run, proxy, proto)
    made = new_transaction(tm, run)
    if made == 0:
        return 1
    if made < 0 and made != IN_PROCESS:
        return made
    t = here.transaction
    if message.method == "ACK":
        return _relay_ack(tm, run, t, made, proxy, proto)
    assert t is not None
    t.local = t.local or replicate
    if message.method == "INVITE" and t.auto_100 and t.status < 100:
        replying.make(tm, t, message, 100, tm.auto_inv_100_reason, here)
    code = forward(tm, run, t, proxy, proto)
    return code if code > 0 else _delayed(tm, t, here, code, replicate=replicate)


def _delayed(tm: Tm, t: Transaction, here: Context, code: int, *, replicate: bool) -> int:
    """A relay that failed: tm tells the caller at the end of the script, unless the script has answered by then."""
    if replicate:
        here.done |= Done.RELEASED
        timing.release(tm, t)
        return code
    if t.no_internal_reply:
        return -4
    here.done |= Done.FAILED
    return code


def _relay_ack(tm: Tm, run: Run, t: Transaction | None, made: int, proxy: Proxy, proto: str) -> int:
    """An ACK to a 2xx goes on without a transaction; one to a negative reply ends here."""
    if made == IN_PROCESS and t is not None:
        tm.complain("WARNING", "negative or local ACK caught, please report", run)
        context(run).done |= Done.RELEASED
        timing.release(tm, t)
        return 1
    following.acknowledge(tm, run)
    code = tm.services.forward(run, proxy.host, proxy.port, proto)
    return 1 if code >= 0 else code


def _relay_cancel(tm: Tm, run: Run, proxy: Proxy, proto: str) -> int:
    """t_relay() for a CANCEL: to the branches of the request that it is about."""
    message, here = run.message, context(run)
    if tm.unmatched_cancel:
        invite = lookup.find_canceled(tm, message)
        if invite is None:
            return 1 if tm.unmatched_cancel == 2 else _forward_alone(tm, run, proxy, proto)
    made = new_transaction(tm, run)
    if made == 0:
        return 1
    if made < 0 and made != IN_PROCESS:
        return made
    t = here.transaction
    assert t is not None
    code = forward(tm, run, t, proxy, proto)
    return code if code > 0 else _delayed(tm, t, here, code, replicate=False)


def _forward_alone(tm: Tm, run: Run, proxy: Proxy, proto: str) -> int:
    """A CANCEL for nothing goes on without a transaction, and the script ends."""
    code = tm.services.forward(run, proxy.host, proxy.port, proto)
    return 0 if code >= 0 else code


def relay_cancel(tm: Tm, run: Run) -> int:
    """t_relay_cancel(): 0 (the script ends) when the request was found, 1 when not."""
    invite = lookup.find_canceled(tm, run.message)
    if invite is None:
        return 1
    made = new_transaction(tm, run)
    if made == 0:
        return 0
    if made < 0 and made != IN_PROCESS:
        return made
    t = context(run).transaction
    assert t is not None
    cancel_call(tm, run, t, invite)
    return 0


def cancel_call(tm: Tm, run: Run, t: Transaction, invite: Transaction) -> None:
    """The caller cancels: CANCELs to the branches that have answered, 200 to the caller."""
    message, here = run.message, context(run)
    invite.canceled = True
    marked = canceling.mark(invite, unanswered=True) if invite.branches else []
    if not marked:
        if not invite.branches or all(b.blind for b in invite.branches):
            replying.make(tm, invite, invite.request, 487, "Request canceled")
        replying.make(tm, t, message, 200, "ok -- no more pending branches", here)
        return
    if invite.cancel_reason is None:
        invite.cancel_reason = canceling.received_reason(invite, message)
    how = Canceling(marked, reason=invite.cancel_reason or "")
    replying.cancel_open(tm, invite, how, canceling.METHODS[tm.cancel_b_method])
    replying.make(tm, t, message, 200, "canceling", here)


def forward(tm: Tm, run: Run, t: Transaction, proxy: Proxy, proto: str) -> int:
    """Adds a branch for the R-URI, unless it is used up, and one for each of the destination set, and sends them."""
    message, here = run.message, context(run)
    if t.canceled:
        return _canceled(run, t)
    if message.method == "CANCEL":
        invite = lookup.find_canceled(tm, message)
        if invite is not None:
            cancel_call(tm, run, t, invite)
            here.done |= Done.FORWARDED
            return 1
    first = len(t.branches)
    route, t.on_branch = t.on_branch, ""
    if route:
        t.on_branch_delayed = route
    if first == 0 and run.kind is Routes.REQUEST:
        save_changes(t, message)
    tried, lowest = _add_all(tm, run, t, route, proxy, proto)
    t.request.flags = message.flags
    added = t.branches[first:]
    if not added:
        return _none_added(tm, run, here, tried, lowest)
    added[0].first = True
    sent = sum(_send(tm, run, t, branch) for branch in added)
    if not sent:
        return _fail(run, here, sererror.SEND, -1)
    here.done |= Done.FORWARDED
    here.error = 0
    sererror.report(run, 0)
    return 1


def _add_all(tm: Tm, run: Run, t: Transaction, route: str, proxy: Proxy, proto: str) -> tuple[int, int]:
    """How many branches were tried, and the lowest error."""
    message = run.message
    lowest, tried = sererror.UNSPEC, 0
    dset, keep = run.dset, run.dset.ruri_flags
    if dset.fresh(message):
        tried += 1
        own = DsetBranch(message.uri, message.dst_uri or "", message.path or "", dset.ruri_q, keep, message.send_socket or "")
        own.instance, own.ruid, own.location_ua = message.instance or "", message.ruid or "", message.location_ua or ""
        lowest = min(lowest, _add(tm, run, t, own, route, proxy, proto))
    for other in list(dset.branches):
        tried += 1
        lowest = min(lowest, _add(tm, run, t, other, route, proxy, proto))
    dset.clear()
    dset.ruri_flags = keep
    dset.spend(message)
    return tried, lowest


def _none_added(tm: Tm, run: Run, here: Context, tried: int, lowest: int) -> int:
    if not tried:
        tm.complain("ERROR", "no branches for forwarding", run)
        return _fail(run, here, min(lowest, sererror.CFG), -1)
    if lowest != sererror.CFG:
        tm.complain("ERROR", "failure to add branches", run)
    return _fail(run, here, lowest, lowest)


def _fail(run: Run, here: Context, error: int, code: int) -> int:
    here.error = error
    sererror.report(run, error)
    return code


def _canceled(run: Run, t: Transaction) -> int:
    keep = run.dset.ruri_flags
    run.dset.clear()
    run.dset.ruri_flags = keep
    t.request.flags = run.message.flags
    return _fail(run, context(run), CANCELED, -1)


def _add(tm: Tm, run: Run, t: Transaction, target: DsetBranch, route: str, proxy: Proxy, proto: str) -> int:
    """Builds one branch: 0, or the error."""
    if len(t.branches) >= MAX_BRANCHES:
        tm.complain("ERROR", "maximum number of branches exceeded", run)
        return -12
    made = new_branch(len(t.branches))
    message = run.message.shadow()
    message.new_uri = None if target.uri == message.ruri and message.new_uri is None else target.uri
    message.dst_uri = target.dst_uri or None
    message.path = target.path or None
    message.send_socket = target.socket or None
    message.instance, message.ruid, message.location_ua = target.instance or None, target.ruid or None, target.location_ua or None
    out = Run(run.process, message, Routes.BRANCH, run.steps)
    out.avps, out.xavps, out.xavus, out.xavis = run.avps, run.xavps, run.xavus, run.xavis
    out.dset = Dset(run.dset.branches, target.q, target.flags)
    if route and not _branch_route(tm, run, out, t, made, route):
        return sererror.CFG
    return _build(tm, run, out, t, made, proxy, proto)


def _branch_route(tm: Tm, run: Run, out: Run, t: Transaction, made: Branch, route: str) -> bool:
    """Runs branch_route over the branch's own copy of the request; False when it was dropped."""
    here = context(out)
    here.transaction, here.sought = t, True
    here.index = out.branch_index = made.index
    out.at = run.at
    routes.run_block(tm, Routes.BRANCH, route, out)
    run.message.flags = out.message.flags
    return out.flow != DROP


def _build(tm: Tm, run: Run, out: Run, t: Transaction, made: Branch, proxy: Proxy, proto: str) -> int:
    message = out.message
    out.at = run.at
    if proxy.host:
        destination = nexthop.fixed(tm, proxy, proto)
    else:
        destination = nexthop.resolve(tm, out, message.dst_uri or message.uri, proto)
    if isinstance(destination, int):
        return destination
    made.on_reply, made.on_failure, made.on_branch_failure = t.on_reply, t.on_failure, t.on_branch_failure
    socket = nexthop.socket(tm, out, destination)
    if socket is None:
        return sererror.NO_SOCKET
    request = made.request
    request.source, request.destination = socket.endpoint, destination
    request.text = relay.build_request(message, tm.services.sockets.outgoing(message, destination, socket), t.via_branch(made.index))
    made.uri, made.flags = message.uri, out.dset.ruri_flags
    made.path, made.instance = message.path or "", message.instance or ""
    made.ruid, made.location_ua = message.ruid or "", message.location_ua or ""
    t.branches.append(made)
    return 0


def _send(tm: Tm, run: Run, t: Transaction, branch: Branch) -> bool:
    """Sends a branch; False when onsend_route drops it: it counts as timed out then."""
    request = branch.request
    assert request.source is not None
    assert request.destination is not None
    if not tm.services.run_onsend(run, request.text, request.source, request.destination):
        branch.last = 408
        return False
    timing.send(tm, request)
    timing.start(tm, t, request)
    return True
