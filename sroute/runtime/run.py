"""One run of a script: a message, timer or event under way in one worker process."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.runtime.avp import AvpStore
from sroute.runtime.dset import Dset
from sroute.runtime.flow import NEXT
from sroute.runtime.routes import Routes
from sroute.runtime.values import Value
from sroute.runtime.xavp import XavpStore
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message
from sroute.source.text import Span

Read = Callable[["Run"], Value]
Write = Callable[["Run", Value], None]
Act = Callable[["Run"], int]

RECEIVED = "core.received"
"""In `Run.extra`: what came in (a `Sending`) while event_route[core:msg-received] runs, on a message of its own."""


class ScriptVars(dict[str, Value]):
    """`$var`: a name that was never set is the int 0."""

    def __missing__(self, name: str) -> Value:
        """The value of a variable that was never set."""
        return 0


class Process:
    """What one worker process keeps between messages: `$var`, `$vn`, `$vz` and the per-process state of modules.

    script_flags are `$sf`: the core resets them when request_route or reply_route begins.
    """

    __slots__ = ("module_state", "pid", "rank", "script_flags", "vars", "vns", "vzs")

    def __init__(self, rank: int, pid: int) -> None:
        """rank counts from 1 as Kamailio's process numbers do."""
        self.rank = rank
        self.pid = pid
        self.script_flags = 0
        self.vars = ScriptVars()
        self.vns: dict[str, Value] = {}
        self.vzs = ScriptVars()
        self.module_state: dict[str, object] = {}


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on its way out, as onsend_route sees it."""

    text: str
    source: Endpoint
    destination: Endpoint


class Run:
    """The context that every bound statement and expression gets.

    rc is `$rc`; code the code of the last statement of the running route; flow why the script is being left;
    at is the place of the running call; reply the reply that a failure or onreply route looks at (tm sets it); sending is set
    in onsend_route; kind the kind of block that runs (what functions may do depends on it); held says that a transaction keeps the
    stores.
    """

    __slots__ = (
        "at",
        "avps",
        "branch_index",
        "code",
        "dset",
        "extra",
        "flow",
        "held",
        "kind",
        "level",
        "message",
        "process",
        "rc",
        "reply",
        "route",
        "sending",
        "steps",
        "vars",
        "xavis",
        "xavps",
        "xavus",
    )

    def __init__(self, process: Process, message: Message, kind: Routes, steps: int) -> None:
        """A run with empty stores; steps is how many it may take."""
        self.process = process
        self.message = message
        self.kind = kind
        self.rc = 0
        self.code = 1
        self.flow = NEXT
        self.at: Span | None = None
        self.route = ""
        self.level = 0
        self.steps = steps
        self.vars = process.vars
        self.avps = AvpStore()
        self.xavps = XavpStore()
        self.xavus = XavpStore()
        self.xavis = XavpStore(fold=True)
        self.dset = Dset()
        self.extra: dict[str, object] = {}
        self.reply: Message | None = None
        self.branch_index = 0
        self.sending: Sending | None = None
        self.held = False

    def share(self, other: "Run") -> None:
        """Takes over the stores of another run."""
        self.avps, self.xavps, self.xavus, self.xavis = other.avps, other.xavps, other.xavus, other.xavis

    def close(self) -> None:
        """The message is done with: what no transaction keeps is released."""
        if self.held:
            return
        for store in (self.xavps, self.xavus, self.xavis):
            if store:
                store.clear()
