"""How a script names an item, `TABLE=>KEY`: the table is literal, the key may hold variables."""

import re
from dataclasses import dataclass
from typing import Literal

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Pv
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, wrap32

_NAMED = re.compile(r"[ \t\r\n]*([^= \t\r\n]*)[ \t\r\n]*=>").match
_DECIMAL = re.compile(r"[+-]?[0-9]*\Z").match

Pieces = tuple[str | Pv, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """An item that a script names, bound."""

    table: str
    key: Arg[str]


@dataclass(frozen=True, slots=True)
class TableAndKey:
    """The fixup of `TABLE=>KEY`."""

    form: str = "table=>key"

    def parse(self, text: str, names: Names) -> tuple[str, Pieces]:
        """The table, and the key in its pieces."""
        named = _NAMED(text)
        if named is None:
            raise FixupError(f"{text!r} has no table and key: it is written TABLE=>KEY", "HT025")
        return named[1], names.format(text[named.end() :])

    def bind(self, parsed: tuple[str, Pieces], scope: Scope) -> Arg[Place]:
        """The item, with a reader for its key."""
        table, pieces = parsed
        return Constant(Place(table, scope.text(pieces)))


@dataclass(frozen=True, slots=True)
class RecordPart:
    """The fixup of `$shtrecord(...)`."""

    form: str = "key|value"

    def parse(self, text: str, names: Names) -> Literal["key", "value"]:
        """Which part of the item."""
        if text == "key":
            return "key"
        if text == "value":
            return "value"
        raise FixupError(f"unknown pv name {text}")

    def bind(self, parsed: Literal["key", "value"], scope: Scope) -> Arg[Literal["key", "value"]]:
        """A constant."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class IteratorName:
    """The fixup of `$shtitkey(...)`: literal text, not empty."""

    form: str = "iterator"

    def parse(self, text: str, names: Names) -> str:
        """The name."""
        if not text:
            raise FixupError("the name of an iterator is empty")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """A constant."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in decimal (nothing is 0), or a variable; text behind the variable is not looked at."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        if not text.startswith("$"):
            if not _DECIMAL(text):
                raise FixupError(f"{text!r} is no number")
            number = int(text.lstrip("+-")[-20:] or "0")
            return wrap32(-number if text.startswith("-") else number)
        first = names.format(text)[0]
        return first if isinstance(first, Pv) else 0

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int | None]:
        """The number; None where the variable holds no integer."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read = scope.read(parsed)

        def number(run: Run) -> int | None:
            value = read(run)
            return int(value) if isinstance(value, int) and value is not FAILED else None

        return number


TABLE_AND_KEY = TableAndKey()
NUMBER = Number()
RECORD_PART = RecordPart()
ITERATOR_NAME = IteratorName()
