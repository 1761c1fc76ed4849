"""Replies upstream: those that tm makes, and those of branches that it passes on."""

from sroute.modules.tm import canceling, following, local, own, routes, timing
from sroute.modules.tm.binding import Context, Done, Tm
from sroute.modules.tm.canceling import Canceling
from sroute.modules.tm.decision import Decision, Status, decide
from sroute.modules.tm.reasons import REASONS
from sroute.modules.tm.transaction import FAKED, LOCAL_REPLY, Answer, Branch, Transaction, is_message
from sroute.runtime import redirect, sererror
from sroute.runtime.dset import Dset
from sroute.sip import relay, reply
from sroute.sip.message import Message, ReplyLump
from sroute.sip.target import reply_target

_CHALLENGES = (401, 407)


def make(
    tm: Tm,
    t: Transaction,
    request: Message,
    code: int,
    reason: str,
    here: Context | None = None,
    dset: Dset | None = None,
    tag: str = "",
) -> int:
    """Answers a transaction itself (t_reply): 1, or -1 when a final reply is out already. tag is a To tag to give."""
    if here is not None and code >= 200:
        here.done |= Done.REPLIED
    if 300 <= code < 400:
        contacts = redirect.contacts(request, dset or Dset())
        if contacts is None:
            tm.services.diag("WARNING", "no r-uri or branches", "core")
        else:
            request.reply_lumps.append(ReplyLump(contacts))
    if not tag and code >= 180 and _untagged(request):
        tag = tm.totag(request)
    return _send_own(tm, t, _text(tm, request, code, reason, tag), code, tag or _tag(request))


def _untagged(request: Message) -> bool:
    return request.to is not None and not request.to.tag


def _tag(request: Message) -> str:
    return (request.to.tag if request.to is not None else None) or ""


def _text(tm: Tm, request: Message, code: int, reason: str, tag: str) -> str | None:
    return reply.build(request, (code & 0xFFFFFFFF) % 1000, reason, tag, server=tm.server_line())


def _send_own(tm: Tm, t: Transaction, text: str | None, code: int, tag: str) -> int:
    """Sends a reply that tm has made; branches that are still open are cancelled first."""
    if text is None:
        tm.complain("ERROR", "response building failed")
        _give_up(tm, t)
        return -1
    if t.status >= 200:
        return -1
    t.status, t.relayed_branch, t.local_tag = code, LOCAL_REPLY, tag
    t.response.text = text
    _aim(t)
    tm.counters.generated += 1
    tm.counters.count(code)
    if code >= 200:
        timing.stop_branches(t)
        if t.is_invite:
            cancel_open(tm, t, Canceling(canceling.mark(t), code), canceling.KILL)
        _await_ack(tm, t)
    timing.send(tm, t.response)
    following.answer(t, FAKED, code)
    _announce(tm, text)
    if code >= 200:
        timing.put_on_wait(tm, t)
    return 1


def _announce(tm: Tm, text: str) -> None:
    """event_route[tm:local-response] sees the first reply that tm makes in each process, and no other."""
    seen = tm.process.module_state
    if tm.has_local_response and "tm:local-response" not in seen:
        seen["tm:local-response"] = True
        tm.services.run_event("tm:local-response", Message(text))


def _aim(t: Transaction) -> None:
    t.response.source = t.request.dst
    t.response.destination = reply_target(t.request)


def _give_up(tm: Tm, t: Transaction) -> None:
    open_ones = canceling.mark(t) if t.is_invite else []
    timing.stop_branches(t)
    cancel_open(tm, t, Canceling(open_ones), canceling.KILL)
    timing.put_on_wait(tm, t)


def _await_ack(tm: Tm, t: Transaction) -> None:
    """Retransmits a final reply to an INVITE until the ACK: a negative one over UDP, and tm's own 2xx always."""
    if t.local or not t.is_invite or t.response.active:
        return
    if t.status >= 300:
        timing.start(tm, t, t.response)
    elif t.relayed_branch == LOCAL_REPLY and t.status >= 200:
        timing.start(tm, t, t.response, reliable=False)


def kill(tm: Tm, t: Transaction, error: int, here: Context | None = None) -> int:
    """Answers with the reply that tells of an error."""
    status, text = sererror.phrase(error, "TM")
    return make(tm, t, t.request, status, text, here)


def resend(tm: Tm, t: Transaction) -> int:
    """Sends the last reply once more; -1 when there was none."""
    if not t.response.text:
        return -1
    timing.send(tm, t.response)
    return 1


def fake(tm: Tm, t: Transaction, branch: Branch, code: int) -> bool:
    """A made-up reply for a branch, as if it had been received (a CANCEL that nobody answers: 487)."""
    return relayed(tm, t, FAKED, branch, code, Canceling(), wait=True) is not Status.ERROR


def cancel_open(tm: Tm, t: Transaction, open_ones: Canceling, how: int) -> None:
    """Cancels the marked branches of a transaction."""
    canceling.cancel_all(tm, t, open_ones, how, lambda t, branch, code: fake(tm, t, branch, code))


def relayed(tm: Tm, t: Transaction, answer: Answer, branch: Branch, code: int, open_ones: Canceling, *, wait: bool) -> Status:
    """Decides about a reply of a branch and sends what is to go upstream."""
    found = decide(tm, t, answer, branch, code, open_ones)
    if found.store:
        branch.reply = answer
    if found.failed is not None:
        kill(tm, t, found.failed)
        return Status.COMPLETED
    if found.relay < 0:
        return found.status
    winner = answer if found.relay == branch.index else t.branches[found.relay].reply
    assert winner is not None
    if found.status is Status.AFTER_COMPLETION and is_message(winner):
        _pass(tm, t, winner)
        return found.status
    text = _upstream(tm, t, winner, answer, branch, found, code)
    t.response.text = text
    tm.counters.count(t.status)
    _aim(t)
    if found.status is Status.COMPLETED:
        _await_ack(tm, t)
    timing.send(tm, t.response)
    following.answer(t, winner, t.status)
    if wait and found.status is Status.COMPLETED:
        timing.put_on_wait(tm, t)
    return found.status


def _pass(tm: Tm, t: Transaction, answer: Message) -> None:
    """One more 200 goes upstream; what the transaction has answered before stays its answer."""
    tm.counters.sent += 1
    tm.services.send(relay.build_reply(answer), t.request.dst, reply_target(t.request))


def _upstream(tm: Tm, t: Transaction, winner: Answer, answer: Answer, branch: Branch, found: Decision, code: int) -> str:
    """The text of the reply to send; it becomes the transaction's status."""
    if is_message(winner):
        status = winner.status
        if status == 503 and tm.remap_503_500:
            return _own(tm, t, 500, REASONS.get(503, ""), found.relay)
        if not (tm.aggregate_challenges and status in _CHALLENGES and _challenges(t, answer, branch) > 1):
            t.status, t.relayed_branch = status, found.relay
            return relay.build_reply(winner)
    else:
        status = code if found.relay == branch.index else t.branches[found.relay].last
        status = 487 if t.canceled else status
    if tm.aggregate_challenges and status in _CHALLENGES and _challenges(t, answer, branch) > 1:
        return _aggregated(tm, t, status, answer, branch, found.relay)
    return _own(tm, t, status, REASONS.get(status, "Unknown"), found.relay)


def _own(tm: Tm, t: Transaction, status: int, reason: str, relay_branch: int) -> str:
    request = t.request
    tag = tm.totag(request) if status >= 180 and _untagged(request) else ""
    text = _text(tm, request, status, reason, tag)
    assert text is not None
    t.status, t.relayed_branch, t.local_tag = status, relay_branch, tag or _tag(request)
    tm.counters.generated += 1
    return text


def _with_current(t: Transaction, answer: Answer, branch: Branch) -> list[Message]:
    """The received challenges of all branches, that of the current one among them."""
    answers = [answer if b is branch else b.reply for b in t.branches]
    return [a for a in answers if is_message(a) and a.status in _CHALLENGES]


def _challenges(t: Transaction, answer: Answer, branch: Branch) -> int:
    return len(_with_current(t, answer, branch))


def _aggregated(tm: Tm, t: Transaction, status: int, answer: Answer, branch: Branch, relay_branch: int) -> str:
    """One challenge with the headers of all."""
    request = t.request
    kept = list(request.reply_lumps)
    for one in _with_current(t, answer, branch):
        for header in one.headers:
            if header.kind in ("www-authenticate", "proxy-authenticate"):
                request.reply_lumps.append(ReplyLump(one.text[header.start : header.end]))
    text = _own(tm, t, status, REASONS[status], relay_branch)
    request.reply_lumps[:] = kept
    return text


def received(tm: Tm, t: Transaction, branch: Branch, message: Message) -> None:
    """Takes a reply to one of a transaction's branches; while that waits for t_continue(), replies go no further than onreply_route."""
    tm.counters.received += 1
    last = branch.last
    if message.cseq is not None and message.cseq.method == "CANCEL" and t.is_invite:
        branch.cancel.stop() if message.status >= 200 else branch.cancel.stop_again()
        return
    if not _acknowledge(tm, t, branch, message):
        return
    for watch in t.watchers:
        watch(t, message)
    dropped = bool(branch.on_reply) and routes.onreply(tm, t, branch, message)
    if t.suspended or (dropped and message.status < 200):
        return
    carry_on(tm, t, branch, message, last)


def carry_on(tm: Tm, t: Transaction, branch: Branch, message: Message, last: int = 0) -> None:
    """What follows the onreply_route: the reply goes where it belongs."""
    status = message.status
    open_ones = Canceling()
    outcome = relayed(tm, t, message, branch, status, open_ones, wait=True) if not t.local else _keep(tm, t, branch, message, open_ones)
    if outcome is Status.COMPLETED:
        timing.stop_branches(t)
        if t.is_invite:
            cancel_open(tm, t, open_ones, canceling.KILL)
        if t.local:
            timing.put_on_wait(tm, t)
    elif open_ones.branches:
        cancel_open(tm, t, open_ones, canceling.METHODS[tm.cancel_b_method])
    branch.request.replied = True
    if outcome is Status.ERROR or not t.is_invite or status >= 200:
        return
    if tm.restart_fr_on_each_reply or (last < status and (status >= 180 or last == 0)):
        timing.restart_final(tm, t, branch.request, t.fr_inv)
        branch.request.fr_inv = True


def _keep(tm: Tm, t: Transaction, branch: Branch, answer: Answer, open_ones: Canceling) -> Status:
    """A reply to a request of tm's own: nothing goes upstream."""
    code = answer.status if is_message(answer) else 408
    found = decide(tm, t, answer, branch, code, open_ones)
    if found.store:
        branch.reply = answer
    if found.relay >= 0:
        winner = answer if found.relay == branch.index else t.branches[found.relay].reply
        t.status = winner.status if is_message(winner) else t.branches[found.relay].last
        tm.counters.count(t.status)
        if t.status >= 200:
            t.final = winner
            for done in t.on_done:
                done(t, t.status)
    return found.status


def _acknowledge(tm: Tm, t: Transaction, branch: Branch, message: Message) -> bool:
    """Stops timers and sends the ACK that a negative reply gets; False for a reply that only brings a CANCEL on its way."""
    request = branch.request
    if message.status >= 200:
        request.stop()
        if t.is_invite and message.status >= 300:
            _send_from(tm, branch, local.ack(tm, t, branch, message))
        elif t.is_invite and t.own:
            own.acknowledge(tm, t, branch, message)
        return True
    if request.canceled:
        _follow_up(tm, t, branch)
        return False
    if t.is_invite:
        request.stop_again()
    else:
        timing.slow_down(tm, t, request)
    return True


def _send_from(tm: Tm, branch: Branch, text: str) -> None:
    assert branch.request.source is not None
    assert branch.request.destination is not None
    tm.services.send(text, branch.request.source, branch.request.destination)


def _follow_up(tm: Tm, t: Transaction, branch: Branch) -> None:
    """The CANCEL that had to wait for a provisional reply, or once more; 5.6.3 tries that for other requests than INVITE, too."""
    if not t.is_invite and tm.reparse_invite:
        branch.request.stop_again()
        tm.complain("ERROR", "trying to build with local reparse for a non-INVITE request?")
        tm.complain("ERROR", "cannot build CANCEL request")
        tm.complain("ERROR", "attempt to build a CANCEL failed")
        return
    if branch.cancel.text:
        timing.send(tm, branch.cancel)
    elif not branch.canceling:
        branch.canceling = True
        how = Canceling(cause=t.status if t.status >= 200 else 0, reason=t.cancel_reason)
        reason = canceling.reason_line(tm, how)
        canceling.cancel_one(tm, t, branch, reason, canceling.FORCE_CANCEL, lambda t, branch, code: fake(tm, t, branch, code))


def expired(tm: Tm, t: Transaction, branch: Branch) -> None:
    """No final reply in time: 408 for the branch, and a CANCEL behind what that leads to."""
    code = 408
    silent = not tm.noisy_ctimer and not t.noisy and not t.local and t.is_invite
    if silent and len(t.branches) == 1 and not t.on_failure and branch.last == 0:
        timing.put_on_wait(tm, t)
        return
    open_ones = Canceling()
    cancel_it = t.is_invite and canceling.mark_one(branch, unanswered=False)
    branch.request.canceled = branch.request.relaying = True
    if t.local:
        outcome = _keep(tm, t, branch, FAKED, open_ones)
    else:
        outcome = relayed(tm, t, FAKED, branch, code, open_ones, wait=False)
    if cancel_it:
        canceling.cancel_one(tm, t, branch, canceling.reason_line(tm, open_ones), 0, lambda t, branch, code: fake(tm, t, branch, code))
    if outcome is Status.COMPLETED:
        timing.put_on_wait(tm, t)
