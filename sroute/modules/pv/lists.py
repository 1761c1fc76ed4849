"""Transformations of lists: parameters, `{param.*}`, and lines, `{line.*}`."""

from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import FixupError, Names, Scope
from sroute.exports.transformation import Apply
from sroute.modules.pv.module import pv
from sroute.modules.pv.parameters import Cursor, Fault, Param, Parsed, bound, number, on_text, text
from sroute.runtime.values import FAILED, Value
from sroute.sip import params
from sroute.sip.params import Param as Pair

_SEPARATOR = ";"
_FIRST = ""
"""A comma as the separator: the list of 5.6.3 ends at the first."""


def _parser(*declared: Param) -> Callable[[str | None, Any], tuple[Parsed, str]]:
    """Parameters, and behind them perhaps the character that separates the pairs."""

    def parse(raw: str | None, names: Names) -> tuple[Parsed, str]:
        cursor = Cursor(raw, names)
        found = tuple(cursor.take(param) for param in declared)
        if cursor.done:
            return found, _SEPARATOR
        mark = cursor.rest
        if len(mark) != 1 or (declared and mark == ","):
            raise FixupError(f"invalid separator in transformation: {mark}")
        return found, _FIRST if mark == "," and not names.dialect.newer else mark

    return parse


def pairs(value: str, separator: str) -> list[Pair] | None:
    """The parameters of a text; None for an empty text, and with a blank as separator: 5.6.3 skips blanks before it looks.

    Raises Fault for a bad list.
    """
    if separator == _FIRST:
        value, separator = value.partition(",")[0], ","
    if not value or separator == " ":
        return None
    whole = value[:-1] if value.endswith(separator) else value
    found = params.parse(whole, separator=separator) if whole else None
    if found is None:
        raise Fault(*(params.complaint(whole, separator) or (f"Param name missing after {separator}",)), source="core")
    return found[0]


def _declare(name: str, signature: str, declared: tuple[Param, ...], apply: Callable[..., Value], doc: str) -> None:
    def bind(parsed: tuple[Parsed, str], scope: Scope) -> Apply:
        values, separator = parsed

        def transform(value: str, *given: int | str) -> Value:
            found = pairs(value, separator)
            return FAILED if found is None else apply(found, *given)

        return bound(scope, values, declared, transform)

    bind.__doc__ = doc
    pv.transformation("param", name, _parser(*declared), signature)(bind)


def _at(found: list[Pair], index: int) -> Pair | None:
    place = index + len(found) if index < 0 else index
    return found[place] if 0 <= place < len(found) else None


def _value(found: list[Pair], name: str) -> Value:
    return params.value(found, name) or "" if name else ""


def _value_at(found: list[Pair], index: int) -> Value:
    pair = _at(found, index)
    return "" if pair is None else pair.value or ""


def _name_at(found: list[Pair], index: int) -> Value:
    pair = _at(found, index)
    return "" if pair is None else pair.name


def _inside(found: list[Pair], name: str) -> Value:
    return 1 if name and params.value(found, name) is not None else 0


_declare(
    "value",
    "name[,separator]",
    (text("value cannot get p1"),),
    _value,
    "The value of a parameter by its name without case, of the last one if there are several; empty without one.\n\n"
    'Example: xlog("$(ct{param.value,expires})\\n");',
)
_declare(
    "in",
    "name[,separator]",
    (text("value cannot get p1"),),
    _inside,
    '1 when there is a parameter of that name, else 0.\n\nExample: xlog("$(ct{param.in,expires})\\n");',
)
_declare(
    "valueat",
    "index[,separator]",
    (number("name cannot get p1"),),
    _value_at,
    'The value of the n-th parameter from 0, negative from the end.\n\nExample: xlog("$(ct{param.valueat,0})\\n");',
)
_declare(
    "name",
    "index[,separator]",
    (number("name cannot get p1"),),
    _name_at,
    'The name of the n-th parameter from 0, negative from the end.\n\nExample: xlog("$(ct{param.name,0})\\n");',
)
_declare("count", "[separator]", (), len, 'How many parameters there are.\n\nExample: xlog("$(ct{param.count})\\n");')


# ---------------------------------------------------------------- lines


@on_text(pv, "line", "count")
def line_count(value: str) -> Value:
    """How many lines there are, as text.

    Example: xlog("$(rb{line.count})\\n");
    """
    if not value:
        return FAILED
    return str(value.count("\n") + (0 if value.endswith("\n") else 1))


@on_text(pv, "line", "at", number("name cannot get p1"), signature="index")
def line_at(value: str, index: int) -> Value:
    """The n-th line from 0, negative from the end, without its line end; empty when there is none.

    Example: xlog("$(rb{line.at,0})\\n");
    """
    if not value:
        return FAILED
    if index < 0:
        return _from_end(value, index)
    start = 0
    for _ in range(index):
        start = value.find("\n", start) + 1
        if not start:
            return ""
    end = value.find("\n", start)
    return value[start : end if end >= 0 else None].removesuffix("\r")


def _from_end(value: str, index: int) -> str:
    """Kamailio looks for the line end one character too far in front: an empty line joins the one before it."""
    end = len(value) - 1 if value.endswith("\n") else len(value)
    for _ in range(-1 - index):
        start = value.rfind("\n", 0, max(end - 1, 0))
        if start < 0:
            return ""
        end = start
    begin = value.rfind("\n", 0, max(end - 1, 0)) + 1
    return value[begin:end].removesuffix("\r")


@on_text(pv, "line", "sw", text("value cannot get p1"), signature="text")
def line_starting(value: str, start: str) -> Value:
    """The first line that begins with a text, without its line end; empty when there is none.

    Example: xlog("$(rb{line.sw,m=})\\n");
    """
    if not value:
        return FAILED
    at = 0 if value.startswith(start) else value.find("\n" + start) + 1
    if not at and not value.startswith(start):
        return ""
    end = value.find("\n", at)
    return value[at : end if end >= 0 else None].removesuffix("\r")
