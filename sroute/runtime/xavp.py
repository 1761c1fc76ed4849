"""Extended attribute value pairs: `$xavp`, `$xavu`, `$xavi` over one typed store.

A list holds entries, newest first; entries may share a name, and index n of a name is its n-th entry from the head. A
value is null, an int, a string, a time, a long, a long long, a list of entries, a pointer, or any data with a release
call-back. Source: the XAVP design note; what scripts see is in the variables reference 5 (Kamailio 5.6.3).
"""

from bisect import bisect
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Union

from sroute.runtime.regex import CASE, EQUALS, searcher
from sroute.runtime.values import Value


class XType(IntEnum):
    """The types of values, with the numbers that pv_xavp_print() shows on 5.6.3."""

    NULL = 0
    INT = 1
    STR = 2
    TIME = 3
    LONG = 4
    LLONG = 5
    XAVP = 6
    VPTR = 7
    SPTR = 8
    DATA = 9


class Data:
    """Generic data or a pointer: anything, and what releases it when its entry goes."""

    __slots__ = ("payload", "release", "serial")

    def __init__(self, payload: object, release: Callable[[object], None] | None = None, serial: int = 0) -> None:
        """release is called once, with the payload; serial stands for the address."""
        self.payload = payload
        self.release = release
        self.serial = serial


XValue = Union[int, str, None, "XavpList", Data]
Tree = tuple[tuple[str, Union[int, str, Data, "Tree", None]], ...]

_PLAIN = frozenset({int, str})
_WIDE = frozenset({XType.TIME, XType.LONG, XType.LLONG})
_POINTERS = {XType.VPTR: "vptr", XType.SPTR: "sptr"}


class Xavp:
    """One entry: a name, a value and its type."""

    __slots__ = ("_kind", "name", "order", "value")

    def __init__(self, name: str, value: XValue, order: int, kind: XType | None = None) -> None:
        """kind is worked out from the value unless it is one of the further types; the list gives the order."""
        self.name = name
        self.value = value
        self.order = order
        self._kind = kind

    @property
    def type(self) -> XType:
        """The type of the value."""
        return type_of(self.value) if self._kind is None else self._kind

    @property
    def inner(self) -> "XavpList | None":
        """The nested list, where the value is one."""
        return self.value if isinstance(self.value, XavpList) else None

    def set(self, value: XValue, kind: XType | None = None) -> None:
        """Gives it another value; the old one is released."""
        old = self.value
        self.value = value
        self._kind = kind
        if old.__class__ is not int and old.__class__ is not str:
            release(old)

    def text(self) -> Value:
        """The value as a script sees it: ints are ints, further number types strings, lists and data `<<...>>`, null None."""
        value = self.value
        if isinstance(value, XavpList):
            return f"<<xavp:{value.pointer()}>>"
        if isinstance(value, Data):
            return f"<<{_POINTERS.get(self.type, 'data')}:{address(value.serial)}>>"
        if self._kind in _WIDE and value is not None:
            return str(value)
        return value


def type_of(value: XValue) -> XType:
    """The type of a plain value."""
    match value:
        case str():
            return XType.STR
        case None:
            return XType.NULL
        case XavpList():
            return XType.XAVP
        case Data():
            return XType.DATA
        case _:
            return XType.INT


def address(number: int) -> str:
    """A number as Kamailio prints a pointer; ours are serial numbers, so that a run is reproducible."""
    return f"0x7f{number * 0x90 + 0xB0000000:010x}"


def folded(name: str) -> str:
    """A name as `$xavi` compares it: ASCII letters in lower case, other bytes as they are."""
    return name.lower() if name.isascii() else name.encode("latin-1").lower().decode("latin-1")


def release(value: XValue) -> None:
    """Lets go of a value: data is released, also in nested lists."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Data) and found.release is not None:
            call, found.release = found.release, None
            call(found.payload)
        elif isinstance(found, XavpList) and not found.is_flat():
            waiting += [entry.value for entry in found]


class XavpList:
    """A list of entries. With fold names are compared without regard to case (`$xavi`).

    Entries are kept by name, the newest of a name last; their order numbers say how they follow each other in the whole
    list, the head having the highest. Finding a name takes no walk through the list.
    """

    __slots__ = ("_fold", "_head", "_named", "_tail", "serial")

    def __init__(self, *, fold: bool = False, serial: int = 0) -> None:
        """serial stands for the address of the list."""
        self._named: dict[str, list[Xavp]] = {}
        self._fold = fold
        self._head = 0
        self._tail = 1
        self.serial = serial

    @property
    def fold(self) -> bool:
        """Whether names are compared without regard to case."""
        return self._fold

    def pointer(self) -> str:
        """The list's address as it prints: `(nil)` when it is empty."""
        return address(self.serial) if self._named else "(nil)"

    def is_flat(self) -> bool:
        """Whether all values are ints and texts, of which none needs to be let go."""
        return {entry.value.__class__ for same in self._named.values() for entry in same} <= _PLAIN

    # ------------------------------------------------------------ look-up

    def __iter__(self) -> Iterator[Xavp]:
        """The entries from the head."""
        return iter(sorted((entry for same in self._named.values() for entry in same), key=_order, reverse=True))

    def __len__(self) -> int:
        """How many entries there are."""
        return sum(map(len, self._named.values()))

    def __bool__(self) -> bool:
        """Whether there are any entries."""
        return bool(self._named)

    def get(self, name: str, index: int = 0) -> Xavp | None:
        """The n-th entry of a name from the head; negative counts from the oldest."""
        same = self._named.get(folded(name) if self._fold else name)
        if same is None:
            return None
        if not index:
            return same[-1]
        size = len(same)
        return same[-1 - index] if -size <= index < size else None

    def all(self, name: str) -> list[Xavp]:
        """All entries of a name from the head."""
        return self._same(name)[::-1]

    def _same(self, name: str) -> list[Xavp]:
        return self._named.get(folded(name) if self._fold else name, [])

    def next(self, entry: Xavp) -> Xavp | None:
        """The entry of the same name behind one."""
        same = self._same(entry.name)
        at = _position(same, entry)
        return same[at - 1] if at else None

    def count(self, name: str) -> int:
        """How many entries a name has."""
        return len(self._same(name))

    def names(self) -> list[str]:
        """The names from the head, each once."""
        return list(dict.fromkeys(entry.name for entry in self))

    def find(self, pattern: str) -> list[Xavp]:
        """The entries whose names a regular expression (POSIX extended) matches, from the head; BadPattern for a bad one."""
        matches = searcher(pattern, EQUALS if self._fold else CASE)
        return [entry for entry in self if matches(entry.name)]

    def tree(self) -> Tree:
        """Names and values from the head, a nested list as a tree of its own."""
        return tuple((entry.name, entry.value.tree() if isinstance(entry.value, XavpList) else entry.value) for entry in self)

    def steps_to(self, entry: Xavp) -> int:
        """How many entries a walk from the head, as Kamailio does it, looks at until it reaches that one."""
        return sum(other.order >= entry.order for other in self)

    # ------------------------------------------------------------ changes

    def add(self, name: str, value: XValue, kind: XType | None = None) -> Xavp:
        """A new entry at the head."""
        self._head += 1
        entry = Xavp(name, value, self._head, kind)
        key = folded(name) if self._fold else name
        if key in self._named:
            self._named[key].append(entry)
        else:
            self._named[key] = [entry]
        return entry

    def append(self, name: str, value: XValue, kind: XType | None = None) -> Xavp:
        """A new entry at the end."""
        self._tail -= 1
        entry = Xavp(name, value, self._tail, kind)
        self._named.setdefault(folded(name) if self._fold else name, []).insert(0, entry)
        return entry

    def add_last(self, name: str, value: XValue, kind: XType | None = None) -> Xavp:
        """A new entry behind the last of that name; at the head where there is none."""
        same = self._same(name)
        return self.add_after(same[0], name, value, kind) if same else self.add(name, value, kind)

    def add_after(self, entry: Xavp, name: str, value: XValue, kind: XType | None = None) -> Xavp:
        """A new entry right behind one."""
        for other in self:
            if other.order < entry.order:
                other.order -= 1
        self._tail -= 1
        made = Xavp(name, value, entry.order - 1, kind)
        same = self._named.setdefault(folded(name) if self._fold else name, [])
        same.insert(bisect(same, made.order, key=_order), made)
        return made

    def set(self, name: str, value: XValue, index: int = 0) -> bool:
        """Replaces the value of the n-th entry of a name; False when there is none."""
        entry = self.get(name, index)
        if entry is None:
            return False
        entry.set(value)
        return True

    def remove(self, name: str, index: int = 0) -> bool:
        """Removes the n-th entry of a name (-1 the oldest); False when there is none."""
        key = folded(name) if self._fold else name
        same = self._named.get(key)
        if same is None or not -len(same) <= index < len(same):
            return False
        value = same.pop(-1 - index).value
        if not same:
            del self._named[key]
        if value.__class__ is not int and value.__class__ is not str:
            release(value)
        return True

    def remove_entry(self, entry: Xavp) -> None:
        """Removes that entry and releases its value."""
        release(self.extract(entry))

    def extract(self, entry: Xavp) -> XValue:
        """Takes that entry out; its value, which is not released."""
        key = folded(entry.name) if self._fold else entry.name
        same = self._named[key]
        del same[_position(same, entry)]
        if not same:
            del self._named[key]
        return entry.value

    def remove_all(self, name: str) -> int:
        """Removes all entries of a name; how many there were."""
        gone = self._named.pop(folded(name) if self._fold else name, [])
        for entry in reversed(gone):
            release(entry.value)
        return len(gone)

    def rotate(self, name: str, steps: int) -> bool:
        """Moves the values of a name that many places towards its head, the first ones behind the last; False without any."""
        same = self.all(name)
        if not same:
            return False
        at = steps % len(same)
        values = [(entry.value, entry._kind) for entry in same[at:] + same[:at]]
        for entry, (value, kind) in zip(same, values, strict=True):
            entry.value, entry._kind = value, kind
        return True

    def clear(self) -> None:
        """Removes everything: the end of a message or transaction."""
        gone = list(self)
        self._named.clear()
        for entry in gone:
            release(entry.value)


def _order(entry: Xavp) -> int:
    return entry.order


def _position(same: list[Xavp], entry: Xavp) -> int:
    return next(at for at, other in enumerate(same) if other is entry)


class XavpStore(XavpList):
    """A root list; it hands out nested lists with addresses of their own."""

    __slots__ = ("_serials",)

    def __init__(self, *, fold: bool = False) -> None:
        """An empty root list."""
        super().__init__(fold=fold, serial=1)
        self._serials = 1

    def new_list(self) -> XavpList:
        """A list for nested entries, empty."""
        self._serials += 1
        return XavpList(fold=self._fold, serial=self._serials)

    def copy_value(self, value: XValue) -> XValue:
        """A deep copy of a value; data is shared, and released with the original."""
        if not isinstance(value, XavpList):
            return Data(value.payload, serial=value.serial) if isinstance(value, Data) else value
        made = self.new_list()
        for entry in value:
            made.append(entry.name, self.copy_value(entry.value), entry.type)
        return made
