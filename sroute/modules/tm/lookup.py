"""Which transaction a message belongs to, and the making of new ones."""

import re

from sroute.modules.tm.binding import Context, Done, Tm, context, to_ticks
from sroute.modules.tm.transaction import LOCAL_REPLY, Transaction
from sroute.runtime.run import Run
from sroute.sip import tags
from sroute.sip.message import Message
from sroute.sip.via import Via

COOKIE = "z9hG4bK"
_BRANCH = re.compile(r"z9hG4bK([0-9a-f]+)\.([^.]{32})\.([0-9a-f]+)\Z")


def transaction_slot(message: Message) -> int:
    """The slot of a message: of its Call-ID and the number in CSeq."""
    number = message.cseq.number if message.cseq is not None else ""
    return tags.transaction_hash(message.call_id or "", number)


def _has_cookie(via: Via) -> bool:
    value = via.branch.value if via.branch is not None else None
    return value is not None and len(value) > len(COOKIE) and value.startswith(COOKIE)


def _same_via(one: Via, other: Via) -> bool:
    """Branch, sent-by and transport are the same; a missing port is that of the protocol."""
    if (one.branch.value if one.branch else None) != (other.branch.value if other.branch else None) or one.host != other.host:
        return False
    if one.port != other.port and not ((one.port == 0 and other.port in (5060, 5061)) or (other.port == 0 and one.port in (5060, 5061))):
        return False
    return one.transport == other.transport


def _local_ack(t: Transaction, ack: Message) -> bool:
    """Whether an ACK is for the 2xx that tm itself has given."""
    return same_invite(t.request, ack) and ack.to is not None and (ack.to.tag or "") == t.local_tag


def same_invite(invite: Message, ack: Message) -> bool:
    """Whether an ACK speaks of that INVITE: Call-ID, the number in CSeq, and the From tag."""
    mine, theirs = invite.from_, ack.from_
    return (
        invite.call_id == ack.call_id
        and _number(invite) == _number(ack)
        and (mine.tag if mine else None) == (theirs.tag if theirs else None)
    )


def _number(message: Message) -> str:
    return message.cseq.number if message.cseq is not None else ""


def find_request(tm: Tm, message: Message) -> tuple[Transaction | None, bool]:
    """The transaction of a request, and whether a CANCEL for it is there already."""
    if _has_cookie(message.via1):
        return _match(tm, message, skip_cancel=False)
    return _match_old(tm, message)


def _match(tm: Tm, message: Message, *, skip_cancel: bool) -> tuple[Transaction | None, bool]:
    """Matching by branch. skip_cancel looks for the request that a CANCEL is about."""
    via, method = message.via1, message.method
    canceled = False
    for t in tm.table.get(transaction_slot(message), ()):
        if t.own:
            continue
        if skip_cancel:
            if t.method == "CANCEL":
                continue
        elif method == "ACK":
            if t.method != "INVITE":
                continue
            if t.status < 300:
                if t.relayed_branch == LOCAL_REPLY and _local_ack(t, message):
                    return t, False
                continue
        elif t.method not in (method, "CANCEL"):
            continue
        if not _same_via(t.request.via1, via):
            continue
        if t.method == "CANCEL" and method != "CANCEL":
            canceled = True
            continue
        return t, canceled
    return None, canceled


def _match_old(tm: Tm, message: Message) -> tuple[Transaction | None, bool]:
    """Matching without the branch, as before RFC 3261: by URI, Call-ID, CSeq, From, To and the top Via."""
    canceled = False
    for t in tm.table.get(transaction_slot(message), ()):
        if t.own or not _same_call(tm, t, message):
            continue
        if message.method == "ACK":
            if t.method == "INVITE" and _old_ack(tm, t, message):
                return t, False
            continue
        if t.method not in (message.method, "CANCEL") or message.value("to") != t.request.value("to"):
            continue
        if message.value("from") != t.request.value("from") or not _same_target(tm, t, message):
            continue
        if t.method == "CANCEL" and message.method != "CANCEL":
            canceled = True
            continue
        return t, canceled
    return None, canceled


def _same_call(tm: Tm, t: Transaction, message: Message) -> bool:
    return t.request.call_id == message.call_id and _number(t.request) == _number(message)


def _same_target(tm: Tm, t: Transaction, message: Message) -> bool:
    if tm.ruri_matching and t.request.ruri != message.ruri:
        return False
    if not tm.via1_matching:
        return True
    mine, theirs = t.request.via1, message.via1
    return t.request.text[mine.start : mine.end] == message.text[theirs.start : theirs.end]


def _old_ack(tm: Tm, t: Transaction, ack: Message) -> bool:
    mine, theirs = t.request.to, ack.to
    if (mine.uri if mine else None) != (theirs.uri if theirs else None):
        return False
    if t.status < 300:
        return t.relayed_branch == LOCAL_REPLY and _local_ack(t, ack)
    return t.request.value("from") == ack.value("from") and _same_target(tm, t, ack)


def find_canceled(tm: Tm, cancel: Message) -> Transaction | None:
    """The transaction that a CANCEL is about."""
    if _has_cookie(cancel.via1):
        return _match(tm, cancel, skip_cancel=True)[0]
    for t in tm.table.get(transaction_slot(cancel), ()):
        if t.own or t.method == "CANCEL" or not _same_call(tm, t, cancel):
            continue
        mine, theirs = t.request.to, cancel.to
        same_to = (mine.uri if mine else None) == (theirs.uri if theirs else None)
        if same_to and t.request.value("from") == cancel.value("from") and _same_target(tm, t, cancel):
            return t
    return None


def find_reply(tm: Tm, reply: Message) -> tuple[Transaction, int] | None:
    """Transaction and branch of a reply: by the branch of its top Via and the method in CSeq."""
    value = reply.via1.branch.value if reply.via1.branch is not None else None
    match = _BRANCH.match(value or "")
    if match is None or reply.cseq is None:
        return None
    slot, index = (int(match[n][::-1], 16) for n in (1, 3))
    base = value[: match.end(2)] if value else ""
    for t in tm.table.get(slot, ()):
        if t.branch_base != base or index >= len(t.branches):
            continue
        if reply.cseq.method == t.method:
            return t, index
        if reply.cseq.method == "CANCEL" and t.is_invite and t.branches[index].cancel.text:
            return t, index
    return None


def find_call(tm: Tm, call_id: str, number: str) -> Transaction | None:
    """The INVITE transaction with that Call-ID and CSeq number; both headers must be written as plainly as Kamailio writes them."""
    for t in tm.table.get(tags.transaction_hash(call_id, number), ()):
        text, id_row, cseq_row = t.request.text, t.request.row("call-id"), t.request.row("cseq")
        if not t.is_invite or id_row is None or cseq_row is None:
            continue
        if text[id_row[1] : id_row[4]] == f"Call-ID: {call_id}\r\n" and text.startswith(f"CSeq: {number}", cseq_row[1]):
            return t
    return None


def find_ident(tm: Tm, hash_index: int, label: int) -> Transaction | None:
    """The transaction with that slot and label (`$T(id_index)`, `$T(id_label)`)."""
    return next((t for t in tm.table.get(hash_index, ()) if t.label == label), None)


def check(tm: Tm, run: Run) -> Transaction | None:
    """The transaction of a run's message; looks for it the first time."""
    found = context(run)
    if found.transaction is None and not found.sought:
        found.sought = True
        message = run.message
        if message.is_request:
            found.transaction, _ = find_request(tm, message)
            if found.transaction is not None:
                found.done |= Done.FOUND
        elif (match := find_reply(tm, message)) is not None:
            found.transaction, found.branch = match
    return found.transaction


def create(tm: Tm, run: Run, *, canceled: bool) -> Transaction:
    """A new transaction for a run's request; the stores of the run become its own."""
    message, here = run.message, context(run)
    slot = transaction_slot(message)
    label = tm.next_label(slot)
    invite = message.method == "INVITE"
    life = (here.life_inv or tm.max_inv_lifetime) if invite else (here.life_noninv or tm.max_noninv_lifetime)
    t = Transaction(
        hash_index=slot,
        label=label,
        request=message.shadow(),
        branch_base=tags.stateless_branch(message).rpartition(".")[0],
        method=message.method,
        avps=run.avps,
        xavps=run.xavps,
        xavus=run.xavus,
        xavis=run.xavis,
        lifetime=tm.ticks() + to_ticks(life),
        fr=here.fr or tm.fr_timer,
        fr_inv=here.fr_inv or tm.fr_inv_timer,
        t1=here.t1 or tm.retr_timer1,
        t2=here.t2 or tm.retr_timer2,
    )
    t.canceled = canceled
    run.held = True
    _hand_over(t, here, tm)
    tm.table.setdefault(slot, []).append(t)
    tm.counters.created += 1
    here.transaction, here.sought = t, True
    return t


def _hand_over(t: Transaction, here: Context, tm: Tm) -> None:
    """What was set before the transaction was made."""
    t.on_failure, t.on_reply = here.on_failure, here.on_reply
    t.on_branch, t.on_branch_failure = here.on_branch, here.on_branch_failure
    t.watchers = here.watchers
    if t.is_invite:
        t.auto_100 = bool(tm.auto_inv_100)
        t.ignore_6xx = bool(tm.disable_6xx_block)
        t.no_cancel_reason = not tm.e2e_cancel_reason
        for name, on in here.switches.items():
            setattr(t, name, on)
