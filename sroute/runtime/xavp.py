"""Extended attribute value pairs: `$xavp`, `$xavu`, `$xavi` over one typed store.

A list holds entries, newest first; entries may share a name, and index n of a name is its n-th entry from the head. A
value is null, an int, a string, a time, a long, a long long, a list of entries, or any data with a release call-back.
Source: the XAVP design note; what scripts see is in the variables reference 5 (Kamailio 5.6.3).
"""

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Union

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
    """Generic data: anything, and what releases it when its entry goes."""

    __slots__ = ("payload", "release")

    def __init__(self, payload: object, release: Callable[[object], None] | None = None) -> None:
        """release is called once, with the payload."""
        self.payload = payload
        self.release = release


XValue = Union[int, str, None, "XavpList", Data]


class Xavp:
    """One entry: a name, a value and its type."""

    __slots__ = ("name", "type", "value")

    def __init__(self, name: str, value: XValue, kind: XType | None = None) -> None:
        """kind is worked out from the value unless it is one of the further number types."""
        self.name = name
        self.value = value
        self.type = type_of(value) if kind is None else kind

    @property
    def inner(self) -> "XavpList | None":
        """The nested list, where the value is one."""
        return self.value if isinstance(self.value, XavpList) else None

    def set(self, value: XValue) -> None:
        """Gives it another value; the old one is released."""
        release(self.value)
        self.value = value
        self.type = type_of(value)

    def text(self) -> Value:
        """The value as a script sees it: int or string; lists and data as `<<...>>`, null as None."""
        value = self.value
        if isinstance(value, XavpList):
            return f"<<xavp:{value.pointer()}>>"
        return f"<<data:{address(id(value) & 0xFFFFFF)}>>" if isinstance(value, Data) else value


def type_of(value: XValue) -> XType:
    """The type of a plain value."""
    if value.__class__ is int:
        return XType.INT
    if isinstance(value, str):
        return XType.STR
    if isinstance(value, XavpList):
        return XType.XAVP
    if isinstance(value, Data):
        return XType.DATA
    return XType.NULL if value is None else XType.INT


def address(number: int) -> str:
    """A number as Kamailio prints a pointer; ours are serial numbers, so that a run is reproducible."""
    return f"0x7f{number * 0x90 + 0xB0000000:010x}"


def release(value: XValue) -> None:
    """Lets go of a value: data is released, also in nested lists."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Data) and found.release is not None:
            call, found.release = found.release, None
            call(found.payload)
        elif isinstance(found, XavpList):
            waiting += [entry.value for entry in found]


class XavpList:
    """A list of entries. With fold names are compared without regard to case (`$xavi`)."""

    __slots__ = ("_entries", "_fold", "serial", "visited")

    def __init__(self, *, fold: bool = False, serial: int = 0) -> None:
        """serial stands for the address of the list."""
        self._entries: list[Xavp] = []
        self._fold = fold
        self.serial = serial
        self.visited = 0
        """How many entries searches have looked at (as the design note counts steps)."""

    @property
    def fold(self) -> bool:
        """Whether names are compared without regard to case."""
        return self._fold

    def pointer(self) -> str:
        """The list's address as it prints: `(nil)` when it is empty."""
        return address(self.serial) if self._entries else "(nil)"

    # ------------------------------------------------------------ look-up

    def __iter__(self) -> Iterator[Xavp]:
        """The entries from the head."""
        return reversed(self._entries)

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def get(self, name: str, index: int = 0) -> Xavp | None:
        """The n-th entry of a name from the head; negative counts from the oldest."""
        if index < 0:
            index += self.count(name)
            if index < 0:
                return None
        fold = self._fold
        wanted = name.lower() if fold else name
        for entry in reversed(self._entries):
            self.visited += 1
            if (entry.name.lower() if fold else entry.name) == wanted:
                if index == 0:
                    return entry
                index -= 1
        return None

    def all(self, name: str) -> list[Xavp]:
        """All entries of a name from the head."""
        if self._fold:
            wanted = name.lower()
            return [entry for entry in self if entry.name.lower() == wanted]
        return [entry for entry in self if entry.name == name]

    def next(self, entry: Xavp) -> Xavp | None:
        """The entry of the same name behind one."""
        same = self.all(entry.name)
        at = next((i for i, other in enumerate(same) if other is entry), len(same))
        return same[at + 1] if at + 1 < len(same) else None

    def count(self, name: str) -> int:
        """How many entries a name has."""
        return len(self.all(name))

    def names(self) -> list[str]:
        """The names from the head, each once."""
        return list(dict.fromkeys(entry.name for entry in self))

    def find(self, pattern: str) -> list[Xavp]:
        """The entries whose names a Python regular expression matches, from the head."""
        matches = re.compile(pattern, re.IGNORECASE if self._fold else 0).search
        return [entry for entry in self if matches(entry.name)]

    # ------------------------------------------------------------ changes

    def add(self, name: str, value: XValue, kind: XType | None = None) -> Xavp:
        """A new entry at the head."""
        entry = Xavp(name, value, kind)
        self._entries.append(entry)
        return entry

    def add_last(self, name: str, value: XValue, kind: XType | None = None) -> Xavp:
        """A new entry at the end."""
        entry = Xavp(name, value, kind)
        self._entries.insert(0, entry)
        return entry

    def add_after(self, entry: Xavp, name: str, value: XValue) -> Xavp:
        """A new entry right behind one."""
        made = Xavp(name, value)
        self._entries.insert(self._position(entry), made)
        return made

    def set(self, name: str, value: XValue, index: int = 0) -> bool:
        """Replaces the value of the n-th entry of a name; False when there is none."""
        entry = self.get(name, index)
        if entry is None:
            return False
        entry.set(value)
        return True

    def remove(self, name: str, index: int = 0) -> bool:
        """Removes the n-th entry of a name; False when there is none."""
        entry = self.get(name, index)
        if entry is None:
            return False
        self.remove_entry(entry)
        return True

    def remove_entry(self, entry: Xavp) -> None:
        """Removes that entry."""
        del self._entries[self._position(entry)]
        release(entry.value)

    def _position(self, entry: Xavp) -> int:
        return next(i for i in range(len(self._entries) - 1, -1, -1) if self._entries[i] is entry)

    def remove_all(self, name: str) -> int:
        """Removes all entries of a name; how many there were."""
        gone = self.all(name)
        if gone:
            kept = {id(entry) for entry in gone}
            self._entries = [entry for entry in self._entries if id(entry) not in kept]
            for entry in gone:
                release(entry.value)
        return len(gone)

    def clear(self) -> None:
        """Removes everything."""
        gone, self._entries = self._entries, []
        for entry in gone:
            release(entry.value)


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
            return Data(value.payload) if isinstance(value, Data) else value
        made = self.new_list()
        for entry in value:
            made.add_last(entry.name, self.copy_value(entry.value), entry.type)
        return made
