"""A transaction: the request that made it, the branches it was sent to, and what was answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeGuard

from sroute.runtime.avp import AvpStore
from sroute.runtime.run import Run
from sroute.runtime.timers import Timer
from sroute.runtime.xavp import XavpStore
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message

LOCAL_REPLY = -2
"""relayed_branch of a transaction that tm has answered itself."""
NONE = -1


class Kind(Enum):
    """What a buffer holds."""

    REQUEST = "request"
    CANCEL = "cancel"
    REPLY = "reply"


class Faked:
    """Stands for a reply that tm makes up: a timeout, a branch that could not be sent."""

    __slots__ = ()


FAKED = Faked()
Answer = Message | Faked


def is_message(answer: Answer | None) -> TypeGuard[Message]:
    """Whether an answer was really received."""
    return isinstance(answer, Message)


@dataclass(slots=True, eq=False)
class Buffer:
    """A message that is sent again until it is answered: Kamailio's retransmission buffer.

    One timer serves both ends: it wakes when the message is due again or given up, whichever is first, and looks then. So a final
    time that is moved forward while it sleeps counts late, as there. Times are ticks; interval, in ms, is the one behind the
    next retransmission.
    """

    kind: Kind
    branch: int = 0
    text: str = ""
    source: Endpoint | None = None
    destination: Endpoint | None = None
    timer: Timer | None = None
    final_at: int = 0
    again_at: int = 0
    interval: int = 0
    once: bool = False
    slow: bool = False
    ended: bool = False
    fr_inv: bool = False
    timed_out: bool = False
    replied: bool = False
    canceled: bool = False
    relaying: bool = False

    @property
    def active(self) -> bool:
        """Whether its timer runs."""
        return self.timer is not None

    def stop_again(self) -> None:
        """No more retransmissions."""
        self.once = True

    def stop(self) -> None:
        """No more timers, now and later."""
        self.ended = True
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


@dataclass(slots=True, eq=False)
class Branch:
    """One branch (Kamailio's uac): where the request went, and what came back.

    last is the code of the last reply (0: none yet). first marks the first branch of a round of forking, blind one
    without a message (a suspended transaction).
    """

    index: int
    request: Buffer
    cancel: Buffer
    uri: str = ""
    path: str = ""
    ruid: str = ""
    instance: str = ""
    location_ua: str = ""
    flags: int = 0
    last: int = 0
    reply: Answer | None = None
    on_reply: str = ""
    on_failure: str = ""
    on_branch_failure: str = ""
    first: bool = False
    blind: bool = False
    canceling: bool = False
    internal_code: int = 0

    @property
    def sent(self) -> bool:
        """Whether the branch has a message."""
        return bool(self.request.text)


def new_branch(index: int) -> Branch:
    """An empty branch."""
    return Branch(index, Buffer(Kind.REQUEST, index), Buffer(Kind.CANCEL, index))


class Follower(Protocol):
    """A module that follows transactions (Kamailio: by callbacks); it is in `Tm.followers`, and in those of the ones that it follows."""

    def began(self, run: Run, t: "Transaction") -> bool:
        """A transaction was made for a request; whether to follow it."""

    def answered(self, t: "Transaction", answer: Answer, code: int, to_tag: str) -> None:
        """An answer has gone upstream: a received one, or one that tm has made."""

    def failing(self, t: "Transaction", branch: Branch, answer: Answer, code: int) -> None:
        """Every branch has failed, with that answer as the best; the failure_route comes next."""

    def acknowledged(self, t: "Transaction", run: Run) -> None:
        """The ACK to a 2xx passes by."""


@dataclass(slots=True, eq=False)
class Transaction:
    """All about one request, from its arrival until the wait timer is over.

    status is what was answered upstream last, relayed_branch where it came from. Timers are in ms; lifetime is the tick at
    which the transaction ends at the latest.
    """

    hash_index: int
    label: int
    request: Message
    branch_base: str
    """The branch of its Vias without the number at the end."""
    method: str
    avps: AvpStore
    xavps: XavpStore
    xavus: XavpStore
    xavis: XavpStore
    lifetime: int
    fr: int
    fr_inv: int
    t1: int
    t2: int
    response: Buffer = field(default_factory=lambda: Buffer(Kind.REPLY))
    branches: list[Branch] = field(default_factory=list)
    status: int = 0
    local_tag: str = ""
    relayed_branch: int = NONE
    on_failure: str = ""
    on_reply: str = ""
    on_branch: str = ""
    on_branch_failure: str = ""
    on_branch_delayed: str = ""
    wait: Timer | None = None
    gone: bool = False
    local: bool = False
    """Replies stay here."""
    own: bool = False
    """The proxy's own request: there is no caller."""
    own_ack: tuple[str, Endpoint] | None = None
    canceled: bool = False
    auto_100: bool = True
    stopped_6xx: bool = False
    ignore_6xx: bool = False
    no_failover: bool = False
    no_cancel_reason: bool = False
    no_internal_reply: bool = False
    admin_reply: bool = False
    noisy: bool = False
    suspended: bool = False
    continuing: bool = False
    cancel_reason: str | None = None
    lumps_saved: bool = False
    resume: "Resume | None" = None
    received: Message | None = None
    final: Answer | None = None
    """The reply that ended a request of the proxy's own."""
    on_done: list[Callable[["Transaction", int], None]] = field(default_factory=list)
    watchers: list[Callable[["Transaction", Message], None]] = field(default_factory=list)
    """Called with each reply of a branch, before its onreply_route."""
    followers: list[Follower] = field(default_factory=list)
    passed_tags: set[str] = field(default_factory=set)
    """The To tags of the 2xx that went upstream and have no ACK yet, where somebody follows."""
    tag_asked: bool = False

    @property
    def is_invite(self) -> bool:
        """Whether the request is an INVITE."""
        return self.method == "INVITE"

    @property
    def waiting(self) -> bool:
        """Whether it is done and only waits for late messages."""
        return self.wait is not None

    def via_branch(self, index: int) -> str:
        """The Via branch of one of its branches."""
        return f"{self.branch_base}.{f'{index:x}'[::-1]}"


@dataclass(slots=True)
class Resume:
    """What t_suspend() has kept: the block that goes on, its branch, the blind branch that stands for it."""

    kind: int
    branch: int
    blind: int
    fresh_uri: bool
    reply: Message | None = None
