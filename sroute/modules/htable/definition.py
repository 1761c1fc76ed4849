"""The text that defines a table, `NAME=>attr=value;attr=value`, with all of Kamailio's leniency.

The attributes are read as SIP parameters: `;` separates, values may be quoted, and a comma (or a `>` behind a space)
outside of quotes ends the list silently, so that `a=>size=4,autoexpire=10` is a table without autoexpire. An attribute
that is given twice counts as it is given first.
"""

import re
from dataclasses import dataclass

from sroute.dialect import Dialect
from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.runtime.values import wrap32

MAX_COLUMNS = 8
EVENT_NAME_LIMIT = 48
"""A table name of this length or more has no expired event: Kamailio has no room for the name of its route."""
UNSIGNED = 0xFFFFFFFF
RELOADING = "6.2"
"""The first version that has reloadat."""

_HEAD = re.compile(r"[ \t\r\n]*([^= \t\r\n]*)[ \t\r\n]*").match
_ATTRIBUTE = re.compile(r"([^=;, \t\r\n]*)[ \t\r\n]*").match
_TOKEN = re.compile(r"[^;, \t\r\n]+").match
_NUMBER = re.compile(r"\+?[0-9]*\Z").match
_SIGNED = re.compile(r"[-+]?[0-9]*\Z").match
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Definition:
    """One table as it is defined; slots is the number of slots, initval what a missing key reads as (None: null)."""

    name: str
    slots: int = 16
    autoexpire: int = 0
    dbtable: str = ""
    columns: tuple[str, ...] = ()
    dbmode: int = 0
    initval: int | None = None
    updateexpire: int = 1
    dmqreplicate: int = 0
    coldelim: str = ","
    colnull: str = "*"
    reloadat: int = 0


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """The fixup of the parameter `htable`."""

    form: str = "table definition"

    def parse(self, text: str, names: Names) -> Definition:
        """The definition in its parts."""
        return define(text, names.dialect)

    def bind(self, parsed: Definition, scope: Scope) -> Arg[Definition]:
        """A constant."""
        return Constant(parsed)


def define(text: str, dialect: Dialect) -> Definition:
    """The table that a text defines.

    Raises FixupError with what Kamailio logs.
    """
    name, attributes = _split(text, dialect)
    numbers: dict[str, int] = {}
    texts: dict[str, str] = {}
    for attribute, value in reversed(attributes):
        if attribute in _NUMBERS or (attribute == "reloadat" and dialect.version >= RELOADING):
            numbers[attribute] = _unsigned(value, text)
        elif attribute == "initval":
            numbers[attribute] = _signed(value, text, dialect.int_bits)
        elif attribute in _TEXTS or (attribute in _NEWER_TEXTS and dialect.newer):
            texts[attribute] = value or ""
        else:
            raise FixupError(f"invalid htable parameter [{text}]")
    return _defined(name, numbers, texts, text)


_NUMBERS = frozenset({"size", "autoexpire", "dbmode", "updateexpire", "dmqreplicate"})
_TEXTS = frozenset({"dbtable", "cols"})
_NEWER_TEXTS = frozenset({"coldelim", "colnull"})


def _split(text: str, dialect: Dialect) -> tuple[str, list[tuple[str, str | None]]]:
    head = _HEAD(text)
    assert head is not None
    at = head.end()
    if not text.startswith("=", at):
        raise _unparsed(text, at)
    if not text.startswith(">", at + 1):
        raise _unparsed(text, at + 1)
    listed = text[at + 2 :].strip(_SPACE) if text[at + 2 :].isspace() else text[at + 2 :].lstrip(_SPACE)
    if not listed:
        if dialect.newer:
            raise FixupError("empty params value")
        return head[1], []
    try:
        return head[1], _parameters(listed.removesuffix(";"))
    except ValueError as error:
        where = len(text) - len(listed)
        raise FixupError(f"failed parsing params value ({error}); {_unparsed(text, where).message}") from None


def _unparsed(text: str, at: int) -> FixupError:
    return FixupError(f"invalid input parameter [{text}] at [{at}]; failed parsing: {text}")


def _parameters(text: str) -> list[tuple[str, str | None]]:
    """A SIP parameter list; ValueError says what the core complains about."""
    found: list[tuple[str, str | None]] = []
    at = _skip(text, 0)
    while at < len(text) or not found:
        name = _ATTRIBUTE(text, at)
        assert name is not None
        at = name.end()
        value = None
        if text.startswith("=", at):
            value, at = _body(text, _skip(text, at + 1))
            at = _skip(text, at)
        if name[1] or value is not None or at < len(text):
            found.append((name[1], value))
        if at == len(text) or text[at] in ",>":
            break
        if text[at] != ";":
            raise ValueError(f"Invalid character '{text[at]}' - expected ';'")
        at = _skip(text, at + 1)
        if at == len(text):
            raise ValueError("Param name missing after ;")
    return found


def _body(text: str, at: int) -> tuple[str, int]:
    if at == len(text):
        return "", at
    if text[at] in "'\"":
        end = text.find(text[at], at + 1)
        if end < 0:
            raise ValueError("Error while parsing quoted string")
        return text[at + 1 : end], end + 1
    token = _TOKEN(text, at)
    if token is None:
        raise ValueError("Error while parsing token")
    return token[0], token.end()


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _defined(name: str, numbers: dict[str, int], texts: dict[str, str], text: str) -> Definition:
    return Definition(
        name,
        slots=_slots(numbers.get("size", 4)),
        autoexpire=numbers.get("autoexpire", 0),
        dbtable=texts.get("dbtable", ""),
        columns=_columns(texts.get("cols", "")),
        dbmode=numbers.get("dbmode", 0),
        initval=numbers.get("initval"),
        updateexpire=numbers.get("updateexpire", 1),
        dmqreplicate=numbers.get("dmqreplicate", 0),
        coldelim=_delimiter(texts.get("coldelim", ","), text),
        colnull=_short(texts.get("colnull", "*"), text),
        reloadat=numbers.get("reloadat", 0),
    )


def _unsigned(value: str | None, text: str) -> int:
    if value is None or not _NUMBER(value) or (number := int("0" + value.lstrip("+")[-40:])) > UNSIGNED:
        raise FixupError(f"invalid htable parameter [{text}]")
    return number


def _signed(value: str | None, text: str, bits: int) -> int:
    if value is not None and _SIGNED(value):
        number = int("0" + value.lstrip("+-")[-40:]) * (-1 if value.startswith("-") else 1)
        if -(1 << bits - 1) <= number < 1 << bits - 1:
            return number
    raise FixupError(f"invalid htable parameter [{text}]")


def _short(value: str, text: str) -> str:
    if len(value) > 1:
        raise FixupError(f"invalid htable parameter [{text}]")
    return value


def _delimiter(value: str, text: str) -> str:
    return _short(value, text) or ","


def _slots(size: int) -> int:
    """2^size for 2 to 31; below 8, above 16384."""
    exponent = wrap32(size)
    if exponent < 2:
        return 1 << 3
    return 1 << (exponent if exponent <= 31 else 14)


def _columns(value: str) -> tuple[str, ...]:
    if not value:
        return ()
    columns = tuple(value.split(","))
    if len(columns) < 2:
        raise FixupError("there must be at least two columns (prefix, value)")
    if len(columns) > MAX_COLUMNS:
        raise FixupError(f"too many columns {MAX_COLUMNS}")
    return columns
