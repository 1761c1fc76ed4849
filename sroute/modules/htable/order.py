"""The order in which Kamailio walks over a table: slot by slot, in a slot by hash, equal hashes by insertion.

Only dumps and iterators need it, so a table keeps its items in a plain dict (which remembers the order of insertion)
and this index is made when somebody first asks. From then on the table tells it which keys came and went; it takes
note, and brings itself up to date at the next question.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Mapping
from itertools import chain, groupby, islice
from operator import itemgetter

from sroute.runtime.hashing import core_case_hash

_BUCKET = 32
"""Items in a bucket, about: what one insertion has to move."""
_hash = core_case_hash.__wrapped__
"""Without the memory of the last keys: a whole table would only wash that out."""


def rank_of(key: str, mask: int) -> int:
    """The rank of a key in a table of mask + 1 slots: its slot in the upper half, its hash in the lower."""
    number = core_case_hash(key)
    return (number & mask) << 32 | number


class SlotOrder:
    """The keys of a table in Kamailio's order.

    Buckets are equal stretches of ranks, so that the bucket of a rank is a shift away; each holds its ranks and, beside
    them, its keys.
    """

    __slots__ = ("_changed", "_keys", "_mask", "_names", "_ranks", "_shift", "_sized", "changes")

    def __init__(self, keys: Mapping[str, object], slots: int) -> None:
        """keys is the table's own dict; slots a power of two."""
        self._keys = keys
        self._mask = slots - 1
        self._changed: list[str] = []
        self.changes = 0
        """Keys that have come and gone so far: while it stays the same, so does what `behind` gives. It grows at the end too."""
        self._build()

    def changed(self, key: str) -> None:
        """A key came or went."""
        self._changed.append(key)
        self.changes += 1

    @property
    def stale(self) -> bool:
        """Whether so much has changed that the index had better be made anew when it is needed."""
        return len(self._changed) > 64 + (self._sized >> 2)

    def slots(self) -> Iterator[tuple[int, list[str]]]:
        """Each slot that holds items, with their keys."""
        self._refresh()
        buckets = zip(self._ranks, self._names, strict=True)
        pairs = ((rank >> 32, name) for ranks, names in buckets for rank, name in zip(ranks, names, strict=True))
        for slot, found in groupby(pairs, key=itemgetter(0)):
            yield slot, [name for _, name in found]

    def all(self) -> Iterator[str]:
        """All keys."""
        self._refresh()
        for names in self._names:
            yield from names

    def behind(self, rank: int, seen: Container[str]) -> Iterator[tuple[int, str]]:
        """Rank and name of all keys behind a place: those of this rank that were not seen yet, and those of a higher one."""
        self._refresh()
        number = rank >> self._shift
        ranks, names = self._ranks[number], self._names[number]
        start, end = bisect_left(ranks, rank), bisect_right(ranks, rank)
        here = ((rank, name) for name in [name for name in names[start:end] if name not in seen])
        rest = zip(ranks[end:], names[end:], strict=True)
        buckets = zip(islice(self._ranks, number + 1, None), islice(self._names, number + 1, None), strict=True)
        return chain(here, rest, chain.from_iterable(zip(*bucket, strict=True) for bucket in buckets))

    def _build(self) -> None:
        mask = self._mask
        names = list(self._keys)
        unsorted = [((number := _hash(name)) & mask) << 32 | number for name in names]
        self._changed.clear()
        self._sized = len(names)
        bits = 32 + mask.bit_length()
        self._shift = shift = max(bits - max(self._sized // _BUCKET, 1).bit_length(), 0)
        self._ranks = [array("Q") for _ in range(1 << (bits - shift))]
        self._names: list[list[str]] = [[] for _ in self._ranks]
        for at in sorted(range(len(names)), key=unsorted.__getitem__):
            rank = unsorted[at]
            self._ranks[rank >> shift].append(rank)
            self._names[rank >> shift].append(names[at])

    def _refresh(self) -> None:
        if not self._changed:
            return
        if self.stale or len(self._keys) > 4 * self._sized + 64:
            self._build()
            return
        for key in self._changed:
            self._place(key, rank_of(key, self._mask))
        self._changed.clear()

    def _place(self, key: str, rank: int) -> None:
        """Takes a key out of its bucket and, if it is still there, puts it behind all others of its rank."""
        number = rank >> self._shift
        ranks, names = self._ranks[number], self._names[number]
        for at in range(bisect_left(ranks, rank), bisect_right(ranks, rank)):
            if names[at] == key:
                del ranks[at], names[at]
                break
        if key in self._keys:
            at = bisect_right(ranks, rank)
            ranks.insert(at, rank)
            names.insert(at, key)
