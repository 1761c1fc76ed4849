"""One table: its items, when they expire, and what the rules of storing are.

Items are a dict from key to value. Expiries are kept beside it and only for items that have one, so that a table
without autoexpire costs nothing but the dict. Variables read these dicts directly; whatever adds or drops a key goes
through `store` and `remove`, which keep the order of the slots informed.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from sroute.dialect import Dialect
from sroute.modules.htable.definition import Definition
from sroute.modules.htable.locks import Locks
from sroute.modules.htable.order import SlotOrder, rank_of
from sroute.runtime.clock import VirtualClock
from sroute.runtime.values import wrapper
from sroute.source.text import Span

Item = int | str
NEVER = 0
UNSIGNED = 0xFFFFFFFF


class Changes(Protocol):
    """Who is told what a script or an RPC command does to a table with dmqreplicate; False: it could not be told on."""

    def stored(self, table: str, key: str, value: Item, at: Span | None) -> bool:
        """An item gets a value."""

    def expires(self, table: str, key: str, seconds: int, at: Span | None) -> bool:
        """An item is told how long it has to live."""

    def removed(self, table: str, key: str, at: Span | None) -> bool:
        """An item is deleted, or was to be and is not there."""

    def removed_matching(self, table: str, operator: str, text: str, at: Span | None, *, by_value: bool) -> bool:
        """Items whose name or value matches are deleted."""


class Table:
    """One hash table."""

    __slots__ = (
        "_order",
        "changes",
        "clock",
        "definition",
        "dialect",
        "earliest",
        "expiries",
        "found_rows",
        "loaded",
        "locks",
        "sizes",
        "values",
        "wrap",
    )

    def __init__(self, definition: Definition, clock: VirtualClock, dialect: Dialect) -> None:
        """An empty table."""
        self.definition = definition
        self.clock = clock
        self.dialect = dialect
        self.values: dict[str, Item] = {}
        self.expiries: dict[str, int] = {}
        self.sizes: dict[str, int] = {}
        """How much room a string has whose item was later set in place to something smaller: sht_print shows it."""
        self.earliest = self.now() + definition.autoexpire
        self.locks = Locks(definition.name, definition.slots)
        self.changes: Changes | None = None
        self.loaded = False
        self.found_rows = False
        """Whether the database held rows when the table was loaded."""
        self.wrap: Callable[[int], int] = wrapper(dialect.int_bits)
        self._order: SlotOrder | None = None

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.definition.name

    def now(self) -> int:
        """The time in whole seconds."""
        return int(self.clock.now())

    @property
    def order(self) -> SlotOrder:
        """The index by slots."""
        if self._order is None or self._order.stale:
            self._order = SlotOrder(self.values, self.definition.slots)
        return self._order

    def rank(self, key: str) -> int:
        """What the keys of a table are ordered by."""
        return rank_of(key, self.definition.slots - 1)

    def expired(self, key: str) -> bool:
        """Whether an item is past its time; the timer may not have taken it yet."""
        return 0 < self.expiries.get(key, NEVER) < self.now() and self.definition.autoexpire > 0

    def get(self, key: str) -> Item | None:
        """The value of a live item."""
        value = self.values.get(key)
        return None if value is None or self.expired(key) else value

    def read(self, key: str) -> Item | None:
        """The value of a live item, or the initval of the table."""
        value = self.get(key)
        return self.definition.initval if value is None else value

    def store(self, key: str, value: Item) -> None:
        """Sets an item by the rules of `$sht`: a new one lives for autoexpire, an old one anew with updateexpire."""
        old = self.values.get(key)
        new = old is None
        self.values[key] = value
        if old is None:
            self.added(key)
        elif old.__class__ is str or value.__class__ is str:
            self.changed(key, old, value)
        if self.definition.autoexpire and (new or self._renews(key)):
            self.expiries[key] = self.now() + self.definition.autoexpire

    def added(self, key: str) -> None:
        """Takes note of a key that is new in `values`."""
        if self._order is not None:
            self._noted(self._order, key)

    def changed(self, key: str, old: Item, value: Item) -> bool:
        """Takes note of how an item with a string changes; whether Kamailio needs a new piece of memory for it.

        A string fits where one of its length is now; an integer always fits.
        """
        if self.outgrows(old, value):
            if self.sizes:
                self.sizes.pop(key, None)
            return True
        if isinstance(old, str) and (isinstance(value, int) or len(value) < len(old)):
            self.sizes.setdefault(key, len(old))
        return False

    @staticmethod
    def outgrows(old: Item, value: Item) -> bool:
        """Whether a value needs more room than there is where the old one was."""
        return isinstance(value, str) and (isinstance(old, int) or len(value) > len(old))

    def room(self, key: str) -> int | None:
        """The length of the string that an item has room for; None when it was made for an integer."""
        value = self.values[key]
        return self.sizes.get(key, len(value) if isinstance(value, str) else None)

    def _noted(self, order: SlotOrder, key: str) -> None:
        order.changed(key)
        if order.stale:
            self._order = None

    def _renews(self, key: str) -> bool:
        return bool(self.definition.updateexpire) or (self.dialect.newer and self.expired(key))

    def remove(self, key: str) -> bool:
        """Deletes an item; whether it was there."""
        if key not in self.values:
            return False
        del self.values[key]
        self.expiries.pop(key, None)
        self.sizes.pop(key, None)
        if self._order is not None:
            self._noted(self._order, key)
        return True

    def remove_all(self, keys: list[str]) -> None:
        """Deletes items that are there."""
        for store in (self.values, self.expiries, self.sizes):
            if store:
                for key in keys:
                    store.pop(key, None)
        order = self._order
        if order is not None:
            for key in keys:
                order.changed(key)
            if order.stale:
                self._order = None

    def expire_at(self, key: str, when: int) -> None:
        """Sets the absolute expiry of an item; NEVER takes it away."""
        if when == NEVER:
            self.expiries.pop(key, None)
        else:
            self.expiries[key] = when
            self.earliest = min(self.earliest, when)

    def expire_in(self, key: str, seconds: int) -> None:
        """Sets the expiry as `$shtex` does: without effect on missing items and tables without autoexpire; not above 0 is never."""
        if self.definition.autoexpire and key in self.values:
            self.expire_at(key, self.now() + seconds if seconds > 0 else NEVER)

    def left(self, key: str) -> int:
        """What `$shtex` reads: seconds left as an unsigned number, 0 for a missing item or a table without autoexpire."""
        if not self.definition.autoexpire or key not in self.values:
            return 0
        return (self.expiries.get(key, NEVER) - self.now()) & UNSIGNED

    def add(self, key: str, amount: int) -> int | None:
        """What `$shtinc` and `$shtdec` do: the new value, or None where there is nothing to count."""
        value = self.values.get(key)
        new = value is None
        expired = not new and self.expired(key)
        if new or expired:
            if expired and self.dialect.newer:
                self.expiries[key] = self.now() + self.definition.autoexpire
            value = self.definition.initval
        if not isinstance(value, int):
            return None
        value = self.wrap(value + amount)
        self.store(key, value)
        return value

    def clear(self) -> None:
        """Deletes all items."""
        self.replace({}, {})

    def replace(self, values: dict[str, Item], expiries: dict[str, int]) -> None:
        """Exchanges the whole content; the dicts themselves stay, for everybody who holds them."""
        self.values.clear()
        self.values.update(values)
        self.expiries.clear()
        self.expiries.update(expiries)
        self.sizes.clear()
        if self._order is not None:
            self._order.changes += 1
            self._order = None
        self.settle()

    def shrink(self) -> None:
        """Gives back what deleted items took; a dict that was large is slow to walk over when it is nearly empty."""
        for store in (self.values, self.expiries):
            kept: dict[str, Any] = dict(store)
            store.clear()
            store.update(kept)

    def settle(self) -> None:
        """Finds the earliest expiry anew. Storing never sets an earlier one than now + autoexpire, so it need not look."""
        fresh = self.now() + self.definition.autoexpire
        self.earliest = min(min(self.expiries.values(), default=fresh), fresh)

    def items(self) -> Iterator[tuple[str, Item]]:
        """All items in the order of the slots, expired ones too."""
        return ((key, self.values[key]) for key in self.order.all())
