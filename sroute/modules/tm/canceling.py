"""CANCELs: of branches that have lost or were given up, and of the caller."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sroute.modules.tm import local, timing
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.transaction import Branch, Transaction
from sroute.sip.message import Message

KILL = 1
"""Stop the branch altogether; the transaction ends anyway."""
FAKE_REPLY = 2
"""A branch without any reply counts as answered with 487."""
FORCE_CANCEL = 4
"""Send it even if nothing was received."""
FORCE_RETRANSMIT = 8
"""Go on sending the request to a branch that has not answered; the CANCEL follows its first reply."""
METHODS = {0: FAKE_REPLY, 1: FORCE_RETRANSMIT, 2: FORCE_CANCEL}
_TEXTS = {200: "Call completed elsewhere"}

FakeReply = Callable[[Transaction, Branch, int], bool]
"""Relays a made-up reply for a branch; False when that failed."""


@dataclass(slots=True)
class Canceling:
    """Branches that are to be cancelled, and why: a code, or header lines from a received CANCEL."""

    branches: list[Branch] = field(default_factory=list)
    cause: int = 0
    reason: str | None = None


def mark(t: Transaction, *, unanswered: bool = True) -> list[Branch]:
    """Branches without a final reply that nobody is cancelling yet; with unanswered also those without any reply."""
    return [b for b in t.branches if mark_one(b, unanswered=unanswered)]


def mark_one(branch: Branch, *, unanswered: bool) -> bool:
    """Whether a branch is to be cancelled; it is taken then, so that it is asked for once only."""
    if (branch.blind and not branch.sent) or branch.canceling or branch.last >= 200:
        return False
    if not unanswered and branch.last < 100:
        return False
    branch.canceling = True
    return True


def reason_line(tm: Tm, canceling: Canceling, *, wordy: bool = False) -> str:
    """The Reason header line of a CANCEL; wordy ones say in words that the call was answered elsewhere."""
    if canceling.reason is not None:
        return canceling.reason
    if canceling.cause <= 0 or not tm.local_cancel_reason:
        return ""
    text = _TEXTS.get(canceling.cause) if wordy else None
    return f"Reason: SIP;cause={canceling.cause}" + (f';text="{text}"' if text else "") + "\r\n"


def received_reason(t: Transaction, cancel: Message) -> str | None:
    """The Reason headers of the caller's CANCEL, to be passed on."""
    if t.no_cancel_reason:
        return None
    lines = "".join(cancel.text[h.start : h.end] for h in cancel.all("reason"))
    return lines or None


def cancel_all(tm: Tm, t: Transaction, canceling: Canceling, how: int, fake: FakeReply) -> None:
    """Cancels marked branches."""
    reason = reason_line(tm, canceling, wordy=True)
    for branch in canceling.branches:
        cancel_one(tm, t, branch, reason, how | (0 if branch.sent else FAKE_REPLY), fake)


def cancel_one(tm: Tm, t: Transaction, branch: Branch, reason: str, how: int, fake: FakeReply) -> bool:
    """Cancels a branch that was marked; False when that failed. Without a provisional reply the CANCEL has to wait."""
    request = branch.request
    request.canceled = True
    if how & KILL:
        request.stop()
    unanswered = branch.last < 100 and not how & FORCE_CANCEL
    if unanswered:
        branch.canceling = False
        return _leave(t, branch, how, fake)
    request.stop_again()
    branch.cancel.text = local.cancel(tm, t, branch, reason)
    branch.cancel.source, branch.cancel.destination = request.source, request.destination
    timing.send(tm, branch.cancel)
    timing.start(tm, t, branch.cancel)
    return True


def _leave(t: Transaction, branch: Branch, how: int, fake: FakeReply) -> bool:
    """A branch that has not answered: no CANCEL goes out now."""
    request = branch.request
    if how & KILL:
        if how & FAKE_REPLY and not request.relaying and not t.admin_reply:
            return fake(t, branch, 487)
        return True
    if not how & FORCE_RETRANSMIT:
        request.stop_again()
    if how & FAKE_REPLY:
        request.stop()
        return fake(t, branch, 487)
    return True
