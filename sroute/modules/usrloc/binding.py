"""One binding of an address of record, and the numbers that stand in its id."""

from dataclasses import dataclass
from enum import Enum

from sroute.runtime.dset import NO_Q
from sroute.runtime.xavp import XavpList
from sroute.sip.tags import reverse_hex

ALL_METHODS = 0xFFFFFFFF
NO_CONNECTION = -1
MEMORY_ONLY = 1
"""The flag of a binding that is not written to the database."""
ENDED = 10
"""When a binding has ended that the timer has still to delete from the database (seconds since the epoch)."""


class State(Enum):
    """What the database knows of a binding."""

    NEW = "CS_NEW"
    SYNC = "CS_SYNC"
    DIRTY = "CS_DIRTY"


@dataclass(slots=True)
class Binding:
    """A contact of an address of record. Times are whole seconds since the epoch; expires 0 never ends; q as in a branch."""

    address: str
    expires: int
    q: int = NO_Q
    callid: str = ""
    cseq: int = 0
    flags: int = 0
    cflags: int = 0
    user_agent: str = ""
    received: str = ""
    path: str = ""
    socket: str = ""
    methods: int = ALL_METHODS
    ruid: str = ""
    instance: str = ""
    reg_id: int = 0
    server_id: int = 0
    last_modified: int = 0
    last_keepalive: int = 0
    keepalive: int = 0
    state: State = State.NEW
    attributes: XavpList | None = None
    """What `xavp_contact` names: the list that was in force when the contact was saved."""
    aor: str = ""

    def valid(self, now: int) -> bool:
        """Whether it has not expired."""
        return self.expires > now or self.expires == 0

    def take(self, new: "Binding") -> None:
        """Becomes what another REGISTER says of it: its id stays, its address and instance too unless the other has an instance."""
        for name in _TAKEN:
            setattr(self, name, getattr(new, name))
        if new.instance:
            self.address, self.instance = new.address, new.instance
        self.reg_id = new.reg_id or self.reg_id
        if self.state is State.SYNC:
            self.state = State.DIRTY


_TAKEN = (
    "expires", "q", "callid", "cseq", "flags", "cflags", "user_agent", "received", "path", "socket", "methods",
    "server_id", "last_modified", "last_keepalive", "keepalive", "attributes",
)  # fmt: skip


class RecordIds:
    """Ids of bindings: `uloc-`, when and by whom the server was started, and a count (its digits the other way round)."""

    __slots__ = ("_count", "_prefix")

    def __init__(self, kind: str, started: int, pid: int) -> None:
        """kind is `uloc` for the registrar, `ulcx` for RPC."""
        self._prefix = f"{kind}-{started:x}-{pid:x}-"
        self._count = 0

    def next(self) -> str:
        """A new id."""
        self._count += 1
        return self._prefix + reverse_hex(self._count)
