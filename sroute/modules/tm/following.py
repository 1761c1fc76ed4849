"""Who follows a transaction: what other modules are told about it (Kamailio's transaction callbacks)."""

from sroute.modules.tm import lookup
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.transaction import FAKED, Answer, Branch, Transaction, is_message
from sroute.runtime.run import Run
from sroute.sip.message import Message


def begin(tm: Tm, run: Run, t: Transaction) -> None:
    """A transaction is there."""
    t.followers = [one for one in tm.followers if one.began(run, t)]


def reply_tag(tm: Tm, t: Transaction) -> str:
    """The To tag that tm gives in replies of its own."""
    t.tag_asked = True
    return tm.totag(t.request)


def answer(t: Transaction, winner: Answer, code: int) -> None:
    """An answer has left; one whose code was changed is tm's own. 5.6.3 tells the To tag of its own only if somebody has asked for it."""
    if not t.followers:
        return
    if is_message(winner) and winner.status != code:
        winner = FAKED
    tag = _tag(winner) if is_message(winner) else t.local_tag if t.tag_asked else ""
    if is_message(winner) and 200 <= code < 300:
        t.passed_tags.add(tag)
    for one in t.followers:
        one.answered(t, winner, code, tag)


def fail(t: Transaction, branch: Branch, answer: Answer | None) -> None:
    """All branches have failed."""
    for one in t.followers:
        one.failing(t, branch, FAKED if answer is None else answer, branch.last)


def acknowledge(tm: Tm, run: Run) -> None:
    """An ACK that belongs to no transaction is on its way to whoever gave the 2xx."""
    if not tm.followers:
        return
    t = _acknowledged(tm, run.message)
    if t is not None:
        t.passed_tags.discard(_tag(run.message))  # once more it is a retransmission
        for one in t.followers:
            one.acknowledged(t, run)


def _acknowledged(tm: Tm, ack: Message) -> Transaction | None:
    """The INVITE transaction whose 2xx an ACK confirms."""
    for t in tm.table.get(lookup.transaction_slot(ack), ()):
        if t.is_invite and 200 <= t.status < 300 and lookup.same_invite(t.request, ack) and _tag(ack) in t.passed_tags:
            return t
    return None


def _tag(message: Message) -> str:
    return (message.to.tag if message.to is not None else None) or ""
