"""Script functions of tm that answer, relay and look for transactions."""

from sroute.exports.fixups import TEXT
from sroute.modules.tm import forwarding, lookup, replying, timing
from sroute.modules.tm.arguments import CODE, REASON
from sroute.modules.tm.binding import Done, Tm, context, current
from sroute.modules.tm.declaration import tm
from sroute.modules.tm.forwarding import NO_PROXY
from sroute.modules.tm.nexthop import Proxy
from sroute.modules.tm.saving import save_changes
from sroute.modules.tm.transaction import Transaction
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run

_IN_TRANSACTION = Routes.FAILURE | Routes.BRANCH | Routes.BRANCH_FAILURE | Routes.ONREPLY
_FAILURE = Routes.FAILURE | Routes.BRANCH_FAILURE
_ANSWERING = Routes.REQUEST | Routes.FAILURE | Routes.ANY_REPLY | Routes.EVENT


@tm.function("t_newtran")
def newtran(state: Tm, run: Run) -> int:
    """Makes the transaction of this request; a retransmission is answered again and ends the script.

    Example: t_newtran(); t_reply("404", "Not Found");
    """
    code = forwarding.new_transaction(state, run)
    if code == forwarding.IN_PROCESS:
        state.complain("NOTICE", "transaction already in process", run)
    return code


@tm.function("t_check_trans")
def check_trans(state: Tm, run: Run) -> int:
    """Ends the script for a retransmission (the last reply goes out again) and for the ACK to a negative reply.

    True for a CANCEL or a reply with a transaction, and where one is at work anyway; else -1.

    Example: if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
    """
    if run.kind & _IN_TRANSACTION:
        return 1
    if not run.message.is_request:
        return 1 if lookup.check(state, run) is not None else -1
    if run.message.method == "CANCEL":
        return 1 if lookup.find_canceled(state, run.message) is not None else -1
    t = lookup.check(state, run)
    if t is None:
        return -1
    if run.message.method == "ACK":
        context(run).done |= Done.RELEASED
        timing.release(state, t)
    else:
        replying.resend(state, t)
    return 0


@tm.function("t_lookup_request")
def lookup_request(state: Tm, run: Run) -> int:
    """True when this request has a transaction."""
    return 1 if lookup.check(state, run) is not None else -1


@tm.function("t_lookup_cancel")
def lookup_cancel(state: Tm, run: Run) -> int:
    """True when this CANCEL is about a request that is known here."""
    return _lookup_cancel(state, run, copy_flags=False)


@tm.function("t_lookup_cancel", CODE)
def lookup_cancel_flags(state: Tm, run: Run, flags: int | None) -> int:
    """As t_lookup_cancel(); with 1 the CANCEL takes over the message flags of the INVITE."""
    return _lookup_cancel(state, run, copy_flags=bool(flags))


def _lookup_cancel(state: Tm, run: Run, *, copy_flags: bool) -> int:
    if run.message.method != "CANCEL":
        state.complain("WARNING", "script error - t_lookup_cancel() called for non-CANCEL request", run)
        return -1
    t = lookup.find_canceled(state, run.message)
    if t is None:
        return -1
    if copy_flags:
        run.message.flags = t.request.flags
    return 1


@tm.function("t_reply", CODE, REASON)
def reply(state: Tm, run: Run, code: int | None, reason: str | None) -> int:
    """Answers the transaction of this request; -1 without one, and after a final reply.

    Example: t_newtran(); t_reply("480", "Nobody Home");
    """
    return reply_here(state, run, code, reason)


def reply_here(state: Tm, run: Run, code: int | None, reason: str | None) -> int:
    """t_reply() for the modules that answer in its stead."""
    if run.message.is_request and run.message.method == "ACK":
        return -1
    t = lookup.check(state, run)
    if t is None:
        state.complain("ERROR", "cannot send a t_reply to a message for which no T-state has been established", run)
        return -1
    return answer(state, run, t, code, reason)


def answer(state: Tm, run: Run, t: Transaction, code: int | None, reason: str | None) -> int:
    """A reply from the script to a transaction that is known."""
    if not run.kind & _ANSWERING:
        state.complain("CRITICAL", "w_t_reply entered in unsupported mode", run)
        return -1
    t.admin_reply = True
    request = run.message if run.kind in (Routes.REQUEST, Routes.FAILURE) and run.message.is_request else t.request
    status = state.default_code if code is None else code
    return replying.make(state, t, request, status, state.default_reason if reason is None else reason, context(run), run.dset)


@tm.function("t_send_reply", CODE, REASON)
def send_reply(state: Tm, run: Run, code: int | None, reason: str | None) -> int:
    """As t_reply(), but makes the transaction where there is none.

    Example: t_send_reply("404", "Not Found");
    """
    if current(run) is None and run.message.is_request and run.kind is Routes.REQUEST:
        made = forwarding.new_transaction(state, run)
        if made < 0 and made != forwarding.IN_PROCESS:
            return made
    return reply_here(state, run, code, reason)


@tm.function("t_release")
def release(state: Tm, run: Run) -> int:
    """Lets go of the transaction; true without one, too."""
    t = lookup.check(state, run)
    if t is not None:
        timing.release(state, t)
        here = context(run)
        here.transaction, here.sought = None, False
    return 1


@tm.function("t_retransmit_reply")
def retransmit_reply(state: Tm, run: Run) -> int:
    """Sends the last reply again; -1 without a transaction or a reply."""
    t = lookup.check(state, run)
    if t is None:
        return -1
    if run.message.method == "ACK":
        state.complain("WARNING", "ACKs transmit_replies not replied", run)
        return -1
    return replying.resend(state, t)


@tm.function("t_save_lumps")
def save_lumps(state: Tm, run: Run) -> int:
    """Keeps the changes made so far for the failure routes; -1 without a transaction."""
    if run.kind is not Routes.REQUEST:
        return 1
    t = current(run)
    if t is None:
        state.complain("ERROR", "transaction has not been created yet", run)
        return -1
    save_changes(t, run.message)
    return 1


def relay_with(state: Tm, run: Run, proxy: Proxy = NO_PROXY, proto: str = "") -> int:
    """t_relay() and its sisters."""
    if not run.kind & _FAILURE:
        return forwarding.relay_request(state, run, proxy, proto)
    t = current(run)
    if t is None:
        state.complain("CRITICAL", "undefined T", run)
        return -1
    code = forwarding.forward(state, run, t, proxy, proto)
    if code > 0:
        return 1
    if code != -6:
        state.complain("ERROR", "t_forward_noack failed", run)
    return -1


@tm.function("t_relay")
def relay(state: Tm, run: Run) -> int:
    """Sends the request on, to its R-URI (or `$du`) and all branches, with a transaction; an INVITE is answered with 100.

    Negative on failure: -478 for a destination that can't be resolved, -1 without any. tm answers by itself then.

    Example: if (!t_relay()) { sl_reply_error(); }
    """
    return relay_with(state, run)


@tm.function("t_relay_cancel")
def relay_cancel(state: Tm, run: Run) -> int:
    """For a CANCEL: relays it and ends the script when its INVITE is known; else, and for other requests, true.

    Example: if (is_method("CANCEL")) { t_relay_cancel(); }
    """
    return forwarding.relay_cancel(state, run) if run.message.method == "CANCEL" else 1


_TARGETS = {"failure_route": "on_failure", "branch_route": "on_branch", "onreply_route": "on_reply"}


@tm.function("t_is_set", TEXT)
def is_set(state: Tm, run: Run, target: str) -> int:
    """True when a handler is set: failure_route, branch_route or onreply_route.

    Example: if (!t_is_set("failure_route")) { t_on_failure("MISSED"); }
    """
    name = next((attr for kind, attr in _TARGETS.items() if target[:1] == kind[0]), None)
    holder = current(run) or context(run)
    return 1 if name is not None and getattr(holder, name) else -1


@tm.function("t_clean")
def clean(state: Tm, run: Run) -> int:
    """Looks for transactions that should have ended; here all end in time, so there is nothing to do."""
    return 1


@tm.function("t_use_uac_headers")
def use_uac_headers(state: Tm, run: Run) -> int:
    """CANCELs and ACKs are made of the request as it was sent; they always are here."""
    return 1
