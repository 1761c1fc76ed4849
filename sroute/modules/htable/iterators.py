"""Iterators: four in each process, known by name, that outlive the message which started them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sroute.modules.htable.order import SlotOrder
from sroute.modules.htable.table import Item, Table
from sroute.runtime.run import Process
from sroute.source.text import Span

LIMIT = 4
NAME_LIMIT = 32


class IteratorError(Exception):
    """What Kamailio logs when a call on an iterator fails."""


@dataclass(slots=True)
class Walk:
    """One iterator.

    key is the current item (None: before the first, or behind the last), rank its place in the table's order, seen the
    keys of that rank that were visited. value is kept for the case that the item is deleted while the iterator is on it.
    """

    name: str
    process: Process
    table: Table | None = None
    rank: int = 0
    key: str | None = None
    value: Item | None = None
    seen: list[str] = field(default_factory=list)
    slot: int | None = None
    """The slot that it keeps locked."""
    at: Span | None = None
    """Where it was started."""
    ahead: Iterator[tuple[int, str]] = field(default_factory=lambda: iter(()))
    """What follows, as long as no key comes or goes."""
    order: SlotOrder | None = None
    changes: int = 0

    def reset(self) -> None:
        """Goes in front of the first item, and lets go of the slot."""
        if self.slot is not None and self.table is not None:
            self.table.locks.give(self.slot, self.process)
        self.rank, self.key, self.value, self.slot, self.order = 0, None, None, None, None
        self.seen.clear()

    def forward(self, at: Span | None) -> bool:
        """Moves to the next item; behind the last one it is in front of the first again."""
        table = self.table
        assert table is not None
        if self.order is None or self.order.changes != self.changes:
            order = self.order = table.order
            self.changes, self.ahead = order.changes, order.behind(self.rank, self.seen)
        found = next(self.ahead, None)
        if found is None:
            self.reset()
            return False
        rank, key = found
        if rank != self.rank:
            self.rank = rank
            self.seen.clear()
        self.seen.append(key)
        self.key, self.value = key, table.values[key]
        if rank >> 32 != self.slot:
            self._lock(table, rank >> 32, at)
        return True

    def _lock(self, table: Table, slot: int, at: Span | None) -> None:
        if self.slot is not None:
            table.locks.give(self.slot, self.process)
        table.locks.take(slot, self.process, f'iterator "{self.name}"', at)
        self.slot = slot

    def current(self) -> Item | None:
        """The value of the current item, as it is now."""
        if self.key is None or self.table is None:
            return None
        return self.table.values.get(self.key, self.value)


class Iterators:
    """The iterators of one process."""

    __slots__ = ("_places", "_process")

    def __init__(self, process: Process) -> None:
        """None is in use."""
        self._process = process
        self._places: list[Walk | None] = [None] * LIMIT

    def get(self, name: str) -> Walk | None:
        """The iterator of a name."""
        for walk in self._places:
            if walk is not None and walk.name == name:
                return walk
        return None

    def started(self, name: str) -> Walk:
        """An iterator to start: the one of that name from the beginning, or a new one.

        Raises IteratorError.
        """
        walk = self.get(name)
        if walk is not None:
            walk.reset()
            return walk
        if None not in self._places:
            raise IteratorError(f"no iterator available - max number is {LIMIT}")
        if len(name) >= NAME_LIMIT:
            raise IteratorError(f"iterator name is too big [{name}] (max {NAME_LIMIT})")
        walk = Walk(name, self._process)
        self._places[self._places.index(None)] = walk
        return walk

    def running(self, name: str) -> Walk:
        """A started iterator that has a table.

        Raises IteratorError.
        """
        walk = self.get(name)
        if walk is None and None not in self._places:
            raise IteratorError(f"iterator not found [{name}]")
        if walk is None or walk.table is None:
            raise IteratorError(f"iterator not initialized [{name}]")
        return walk

    def used(self, name: str) -> Walk:
        """An iterator that stands on an item.

        Raises IteratorError.
        """
        walk = self.running(name)
        if walk.key is None:
            raise IteratorError(f"iterator not used [{name}]")
        return walk

    def open(self) -> list[Walk]:
        """Those that have not been ended."""
        return [walk for walk in self._places if walk is not None]

    def ended(self, name: str) -> None:
        """Ends an iterator.

        Raises IteratorError.
        """
        walk = self.get(name)
        if walk is None:
            raise IteratorError(f"iterator not found [{name}]")
        walk.reset()
        self._places[self._places.index(walk)] = None


def of_process(process: Process) -> Iterators:
    """The iterators of a process."""
    found = process.module_state.get("htable")
    if not isinstance(found, Iterators):
        found = process.module_state["htable"] = Iterators(process)
    return found
