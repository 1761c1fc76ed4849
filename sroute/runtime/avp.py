"""Attribute value pairs: `$avp(name)`, a stack of values for each name (variables reference 4, Kamailio 5.6.3)."""

from collections.abc import Iterator

from sroute.runtime.values import Value

AvpName = str | int
"""A name, or the number of `$avp(i:5)`."""


class Avp:
    """One pair; flags are those of setavpflag(); serial counts how late it was added."""

    __slots__ = ("flags", "name", "serial", "value")

    def __init__(self, name: AvpName, value: int | str, serial: int) -> None:
        """A pair without flags."""
        self.name = name
        self.value = value
        self.flags = 0
        self.serial = serial


class AvpStore:
    """The AVPs of a message or transaction: newest first in everything that counts or lists."""

    __slots__ = ("_serial", "_stacks")

    def __init__(self) -> None:
        """An empty store."""
        self._stacks: dict[AvpName, list[Avp]] = {}
        self._serial = 0

    def push(self, name: AvpName, value: int | str) -> Avp:
        """Adds a value on top."""
        self._serial += 1
        avp = Avp(name, value, self._serial)
        stack = self._stacks.get(name)
        if stack is None:
            self._stacks[name] = [avp]
        else:
            stack.append(avp)
        return avp

    def get(self, name: AvpName) -> Value:
        """The newest value of a name, or None."""
        stack = self._stacks.get(name)
        return stack[-1].value if stack else None

    def first(self, name: AvpName) -> Avp | None:
        """The newest pair of a name."""
        stack = self._stacks.get(name)
        return stack[-1] if stack else None

    def at(self, name: AvpName, index: int) -> Value:
        """The n-th newest value (0 the newest, -1 the oldest); None out of range."""
        stack = self._stacks.get(name, ())
        size = len(stack)
        position = index if index >= 0 else size + index
        return stack[size - 1 - position].value if 0 <= position < size else None

    def all(self, name: AvpName) -> list[int | str]:
        """All values of a name, newest first."""
        return [avp.value for avp in reversed(self._stacks.get(name, ()))]

    def pop(self, name: AvpName) -> bool:
        """Removes the newest value; False when there is none."""
        stack = self._stacks.get(name)
        if not stack:
            return False
        stack.pop()
        if not stack:
            del self._stacks[name]
        return True

    def remove(self, avp: Avp) -> None:
        """Removes that pair."""
        stack = self._stacks[avp.name]
        stack.remove(avp)
        if not stack:
            del self._stacks[avp.name]

    def clear(self, name: AvpName) -> None:
        """Removes all values of a name."""
        self._stacks.pop(name, None)

    def count(self, name: AvpName) -> int:
        """How many values a name has."""
        return len(self._stacks.get(name, ()))

    def __iter__(self) -> Iterator[Avp]:
        """All pairs, newest first."""
        return iter(sorted((avp for stack in self._stacks.values() for avp in stack), key=lambda avp: -avp.serial))

    def __len__(self) -> int:
        """How many pairs there are."""
        return sum(map(len, self._stacks.values()))

    def steps_to(self, avp: Avp) -> int:
        """How many pairs a search of Kamailio's single list looks at until it reaches that one."""
        return sum(1 for other in self if other.serial >= avp.serial)
