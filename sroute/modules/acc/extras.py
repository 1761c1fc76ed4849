"""The values that a script adds to its records: `name=$pv;name=$pv`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import FixupError, Scope, reader
from sroute.exports.module import InitError
from sroute.exports.variable import Pv
from sroute.runtime.avp import AvpName
from sroute.runtime.run import Read, Run
from sroute.syntax.pvparse import leading

_NAME = re.compile(r"\s*([^\s=]*)\s*=\s*")


@dataclass(frozen=True, slots=True)
class Extra:
    """A name or column, and how its value is read."""

    name: str
    read: Read


@dataclass(frozen=True, slots=True)
class LegPart:
    """A name or column, and the AVP whose values it has, one for each leg."""

    name: str
    avp: Callable[[Run], AvpName | None]


def extras(text: str, param: str, scope: Scope) -> tuple[Extra, ...]:
    """The values that a parameter names.

    Raises InitError.
    """
    return tuple(Extra(name, scope.read(pv)) for name, pv in _named(text, param, scope))


def leg_parts(text: str, param: str, scope: Scope) -> tuple[LegPart, ...]:
    """The AVPs that a parameter names.

    Raises InitError.
    """
    found = []
    for name, pv in _named(text, param, scope):
        if pv.variable.name != "avp" or pv.variable.inner is None:
            raise InitError(f"failed to parse {param} param: only AVPs are accepted as leg info")
        found.append(LegPart(name, reader(pv.variable.inner.bind(pv.inner, scope))))
    return tuple(found)


def _named(text: str, param: str, scope: Scope) -> list[tuple[str, Pv]]:
    """Names and variables; `;` stands between the pairs, or several."""
    found = []
    for at, part in _parts(text):
        match = _NAME.match(part)
        if match is None:
            raise InitError(f"failed to parse {param} param: no name=$pv around position {at}")
        written = part[match.end() :].rstrip()
        if leading(written) != written:
            raise InitError(f"failed to parse {param} param: {written} is more than a variable")
        try:
            pv = scope.names.pv(written)
        except FixupError as error:
            raise InitError(f"failed to parse {param} param: {error.message}") from None
        found.append((match[1], pv))
    return found


def _parts(text: str) -> list[tuple[int, str]]:
    """What stands between the semicolons that are not inside of brackets, with its place."""
    found, depth, begin = [], 0, 0
    for at, char in enumerate(text + ";"):
        depth += (char in "({") - (char in ")}")
        if char == ";" and depth <= 0:
            if at > begin:
                found.append((begin, text[begin:at]))
            begin = at + 1
    return found
