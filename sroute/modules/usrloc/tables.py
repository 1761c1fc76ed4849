"""The location tables in memory: records of addresses of record, each with its bindings in the order of their use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from sroute.modules.usrloc.binding import Binding
from sroute.runtime.hashing import core_hash


class Found(Enum):
    """How a contact of a REGISTER meets those that are there."""

    NEW = 1
    KNOWN = 0
    OLDER = -1
    """The same Call-ID with a lower CSeq (or an equal one, late)."""
    AGAIN = -2
    """The same Call-ID and CSeq: the REGISTER was sent again."""


_MODES = range(4)


@dataclass(frozen=True, slots=True)
class Matching:
    """How bindings are told apart: mode as `matching_mode`, delay as `cseq_delay`; newest_first as `desc_time_order`."""

    mode: int = 0
    delay: int = 20
    newest_first: bool = False

    def same(self, known: Binding, new: Binding) -> bool:
        """Whether two contacts without instance are the same."""
        match self.mode:
            case 1:
                return known.address == new.address and known.callid == new.callid
            case 2:
                return known.address == new.address and known.path == new.path
            case 3:
                return known.callid == new.callid
            case _:
                return known.address == new.address


@dataclass(slots=True)
class Record:
    """An address of record and its bindings, best first."""

    aor: str
    bindings: list[Binding] = field(default_factory=list)

    def find(self, new: Binding, matching: Matching, now: int) -> tuple[Found, Binding | None]:
        """The binding that a contact renews, by instance and reg-id where it has an instance."""
        if new.instance:
            for known in self.bindings:
                if known.instance == new.instance and known.reg_id == new.reg_id:
                    return Found.KNOWN, known
            return Found.NEW, None
        if matching.mode not in _MODES:
            return Found.OLDER, None
        for known in self.bindings:
            if matching.same(known, new):
                return _in_order(known, new, matching, now), known
        return Found.NEW, None

    def insert(self, made: Binding, matching: Matching) -> None:
        """Adds a binding behind those with the same q, or as the first."""
        at = 0
        if not matching.newest_first:
            at = next((i for i, known in enumerate(self.bindings) if known.q < made.q), len(self.bindings))
        made.aor = self.aor
        self.bindings.insert(at, made)

    def update(self, known: Binding, new: Binding, matching: Matching) -> None:
        """Renews a binding, and moves it."""
        known.take(new)
        if matching.newest_first:
            self._move(known, 0)
            return
        # 5.6.3 looks for the new place from the wrong end: a binding whose q grows often goes behind lower ones.
        at = self._index(known)
        before = self.bindings[at - 1] if at else None
        after = self.bindings[at + 1] if at + 1 < len(self.bindings) else None
        if (before is None or known.q <= before.q) and (after is None or known.q >= after.q):
            return
        others = [other for other in self.bindings if other is not known]
        self._move(known, next((i for i, other in enumerate(others) if other.q >= known.q), len(others)))

    def remove(self, binding: Binding) -> None:
        """Takes a binding out."""
        del self.bindings[self._index(binding)]

    def _index(self, binding: Binding) -> int:
        return next(i for i, other in enumerate(self.bindings) if other is binding)

    def _move(self, binding: Binding, to: int) -> None:
        del self.bindings[self._index(binding)]
        self.bindings.insert(to, binding)


def _in_order(known: Binding, new: Binding, matching: Matching, now: int) -> Found:
    if matching.mode not in (1, 3) and known.callid != new.callid:
        return Found.KNOWN
    if new.cseq > known.cseq:
        return Found.KNOWN
    again = new.cseq == known.cseq and known.last_modified + matching.delay > now
    return Found.AGAIN if again else Found.OLDER


class Store(Protocol):
    """Where a table's bindings are kept besides memory."""

    def load(self, table: "Table", aor: str) -> Record | None:
        """The record of an address, where records live in the database alone."""

    def inserted(self, table: "Table", binding: Binding) -> None:
        """A binding was added."""

    def updated(self, table: "Table", binding: Binding) -> None:
        """A binding was renewed."""

    def removed(self, table: "Table", binding: Binding) -> bool:
        """A binding is to be taken out; False: it stays, ended, until the timer comes."""

    def expired(self, table: "Table", binding: Binding) -> None:
        """A binding was taken out by the timer."""


@dataclass(slots=True)
class Table:
    """One location table. slots is the size of Kamailio's hash table: it decides the order in which records are listed."""

    name: str
    slots: int
    matching: Matching
    store: Store | None = None
    resident: bool = True
    """Records stay in memory; without, each look-up asks the store."""
    records: dict[str, Record] = field(default_factory=dict)

    def get(self, aor: str) -> Record | None:
        """The record of an address of record."""
        if not self.resident and self.store is not None:
            return self.store.load(self, aor)
        return self.records.get(aor)

    def open(self, aor: str) -> Record:
        """The record of an address of record, a new one where there is none."""
        found = self.get(aor)
        if found is None:
            found = Record(aor)
            if self.resident:
                self.records[aor] = found
        return found

    def insert(self, record: Record, made: Binding) -> None:
        """Adds a binding."""
        record.insert(made, self.matching)
        if self.store is not None:
            self.store.inserted(self, made)

    def update(self, record: Record, known: Binding, new: Binding) -> None:
        """Renews a binding."""
        record.update(known, new, self.matching)
        if self.store is not None:
            self.store.updated(self, known)

    def remove(self, record: Record, binding: Binding) -> None:
        """Takes a binding out."""
        if self.store is None or self.store.removed(self, binding):
            record.remove(binding)

    def release(self, record: Record) -> None:
        """Drops a record without bindings."""
        if not record.bindings and self.records.get(record.aor) is record:
            del self.records[record.aor]

    def drop(self, record: Record) -> None:
        """Takes a record out with all its bindings."""
        for binding in list(record.bindings):
            self.remove(record, binding)
        self.release(record)

    def listed(self) -> list[Record]:
        """All records in the order of Kamailio's slots."""
        mask = self.slots - 1
        return sorted(self.records.values(), key=lambda record: core_hash(record.aor) & mask)

    def fullest(self) -> int:
        """How many records the fullest slot has."""
        counts: dict[int, int] = {}
        for aor in self.records:
            slot = core_hash(aor) & (self.slots - 1)
            counts[slot] = counts.get(slot, 0) + 1
        return max(counts.values(), default=0)

    def bindings(self) -> Iterator[Binding]:
        """All bindings, in no order that means anything."""
        for record in self.records.values():
            yield from record.bindings

    def expire(self, before: int, told: Callable[[Binding], None]) -> None:
        """Takes out what has expired; `told` hears of each binding while it is still there."""
        if all(binding.valid(before) for binding in self.bindings()):
            return
        for record in self.listed():
            for binding in [known for known in record.bindings if not known.valid(before)]:
                told(binding)
                record.remove(binding)
                if self.store is not None:
                    self.store.expired(self, binding)
            self.release(record)
