"""Who holds which slot of a table.

Kamailio locks whole slots, re-entrant for a process. Nothing in sroute runs at the same time, so a lock never has to
wait; what matters is to say where a real Kamailio would wait forever.
"""

from dataclasses import dataclass

from sroute.runtime.hashing import core_case_hash
from sroute.runtime.run import Process
from sroute.source.text import Span


@dataclass(slots=True)
class Hold:
    """A slot that a process holds; why names the call, at its place, count how often it was locked on top."""

    process: Process
    slot: int
    why: str
    at: Span | None
    count: int = 0

    @property
    def place(self) -> str:
        """Who holds it, and since which line."""
        line = f" at {self.at.source.name}:{self.at.line}" if self.at is not None else ""
        return f"{self.why}{line} (process {self.process.rank})"


class Locks:
    """The slots of one table that are held."""

    __slots__ = ("held", "mask", "table")

    def __init__(self, table: str, slots: int) -> None:
        """slots is a power of two."""
        self.table = table
        self.mask = slots - 1
        self.held: dict[int, Hold] = {}

    def slot(self, key: str) -> int:
        """The slot of a key."""
        return core_case_hash(key) & self.mask

    def take(self, slot: int, process: Process, why: str, at: Span | None) -> Hold | None:
        """Locks a slot; if another process holds it, that hold (Kamailio would wait for it) and nothing changes."""
        hold = self.held.get(slot)
        if hold is None:
            self.held[slot] = Hold(process, slot, why, at)
        elif hold.process is process:
            hold.count += 1
        else:
            return hold
        return None

    def give(self, slot: int, process: Process) -> bool:
        """Unlocks a slot once; False when the process does not hold it, and then nothing changes."""
        hold = self.held.get(slot)
        if hold is None or hold.process is not process:
            return False
        if hold.count:
            hold.count -= 1
        else:
            del self.held[slot]
        return True

    def met(self, key: str, process: Process | None) -> Hold | None:
        """The foreign hold that stands in the way of a process (None: a timer or RPC) at the slot of a key."""
        hold = self.held.get(core_case_hash(key) & self.mask)
        return hold if hold is not None and hold.process is not process else None
