"""The state of tm in one instance, and what other modules may ask of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntFlag

from sroute.modules.tm.settings import Settings
from sroute.modules.tm.transaction import Buffer, Follower, Transaction
from sroute.runtime import signature
from sroute.runtime.run import Process, Run
from sroute.runtime.services import Services
from sroute.sip import tags
from sroute.sip.message import Message

_KEY = "tm"
TICKS = 16
"""Kamailio's timers know sixteenths of a second only."""
_ALMOST = 0.001


def to_ticks(milliseconds: int) -> int:
    """A time in whole ticks, rounded up."""
    return -(-milliseconds * TICKS // 1000)


@dataclass(slots=True)
class Counters:
    """The figures of `tm.stats`."""

    created: int = 0
    freed: int = 0
    waiting: int = 0
    local: int = 0
    received: int = 0
    generated: int = 0
    sent: int = 0
    classes: Counter[int] = field(default_factory=Counter)

    def count(self, status: int) -> None:
        """A reply goes to a caller."""
        self.sent += 1
        if status >= 200:
            self.classes[status // 100] += 1


class Done(IntFlag):
    """What a script has done with its transaction (Kamailio's kill reasons); tm looks at the end of the script."""

    FORWARDED = 1
    REPLIED = 2
    RELEASED = 4
    FOUND = 8
    FAILED = 16
    """A relay has failed: its error is told at the end, unless something else has happened by then."""


NOTHING = Done(0)


@dataclass(slots=True, eq=False)
class Context:
    """What tm knows about the message of a run (Kamailio: T, T_branch and the private variables of tm).

    sought says that a transaction was looked for; index is the branch that `$T_branch_idx` names. The handlers and timers
    wait here for the transaction that is to be made.
    """

    transaction: Transaction | None = None
    sought: bool = False
    branch: int = -1
    index: int = -1
    on_failure: str = ""
    on_reply: str = ""
    on_branch: str = ""
    on_branch_failure: str = ""
    fr: int = 0
    fr_inv: int = 0
    t1: int = 0
    t2: int = 0
    life_inv: int = 0
    life_noninv: int = 0
    switches: dict[str, bool] = field(default_factory=dict)
    done: Done = NOTHING
    error: int = 0
    drop_replies: int = 0
    timed_out: bool = False
    was_replied: bool = False
    watchers: "list[Callable[[Transaction, Message], None]]" = field(default_factory=list)


class Tm(Settings):
    """Settings, transactions by slot, and the instance."""

    def __init__(self) -> None:
        """Nothing yet; the instance starts it."""
        super().__init__()
        self.table: dict[int, list[Transaction]] = {}
        self.labels: dict[int, int] = {}
        self.counters = Counters()
        self.tag = ""
        self.services: Services
        self.timer_process: Process
        self.process: Process
        self.steps = 10_000_000
        self.expire: Callable[[Transaction, Buffer], None]
        self.has_local_response = False
        self.has_local_request = False
        self.call_ids = 0
        self.from_tag = ""
        self.tw_append: dict[str, str] = {}
        self.followers: list[Follower] = []

    @contextmanager
    def working(self, process: Process) -> Iterator[None]:
        """What happens within is done by a process that is not the one of the message."""
        before, self.process = self.process, process
        try:
            yield
        finally:
            self.process = before

    def ticks(self) -> int:
        """How many ticks have passed since the start."""
        return int(self.services.clock.uptime() * TICKS + _ALMOST)

    def until(self, tick: int) -> float:
        """Seconds until a tick."""
        return max(0.0, tick / TICKS - self.services.clock.uptime())

    def complain(self, level: str, text: str, run: Run | None = None) -> None:
        """What Kamailio logs."""
        self.services.diag(level, text, "tm", run.at if run is not None else None)

    def next_label(self, slot: int) -> int:
        """The label of the next transaction in a slot: random for the first, then counting."""
        label = self.labels.get(slot)
        if label is None:
            label = self.services.random.getrandbits(31)
        self.labels[slot] = (label + 1) & 0xFFFFFFFF
        return label

    def agent_line(self) -> str:
        """The User-Agent header of requests that tm makes; empty for none."""
        return signature.agent_line(self.services)

    def server_line(self) -> str:
        """The Server header of replies that tm makes; empty for none."""
        return signature.server_line(self.services)

    def totag(self, request: Message) -> str:
        """The To tag of replies that tm makes to a request."""
        return self.tag + tags.suffix(request)


def context(run: Run) -> Context:
    """The context of a run."""
    found = run.extra.get(_KEY)
    if not isinstance(found, Context):
        found = run.extra[_KEY] = Context()
    return found


def attach(run: Run, made: Context) -> Context:
    """Gives a run a context."""
    run.extra[_KEY] = made
    return made


def current(run: Run) -> Transaction | None:
    """The transaction that a run works on, without looking for one."""
    return context(run).transaction


def watch_replies(run: Run, watcher: "Callable[[Transaction, Message], None]") -> None:
    """Has a module see each reply to a request's branches, before onreply_route does; also before the transaction is made."""
    (current(run) or context(run)).watchers.append(watcher)
