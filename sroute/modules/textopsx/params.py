"""Parameters in the values of headers: `;a=1` behind a value, `a=1, b="2"` in a header such as Authorization."""

from collections.abc import Callable
from typing import NamedTuple

from sroute.modules.textopsx.values import SPACES, Name
from sroute.runtime.run import Run
from sroute.sip.lump import Lumps


class Param(NamedTuple):
    """Where a parameter is: found, what is replaced for another value, what is removed; the delimiter for a new one."""

    found: bool
    changed: tuple[int, int]
    removed: tuple[int, int]
    delimiter: str


Finder = Callable[[str, int, int, str], Param]


def params_start(text: str, at: int, end: int) -> int:
    """Where the parameters of an address or of another value begin."""
    while at < end and text[at] != ";":
        quoted = False
        while at < end:
            char = text[at]
            if not quoted:
                if char == '"':
                    quoted = True
                elif char in "<;" or char in SPACES:
                    break
            elif char == '"' and text[at - 1] != "\\":
                quoted = False
            at += 1
        at = _skip(text, at, end)
        if at < end and text[at] == "<":
            at = _behind_uri(text, at, end)
    return at


def _behind_uri(text: str, at: int, end: int) -> int:
    quoted = False
    while at < end:
        char = text[at]
        if not quoted and char == ">":
            break
        if char == '"' and (not quoted or text[at - 1] != "\\"):
            quoted = not quoted
        at += 1
    return at


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at] in SPACES:
        at += 1
    return at


def _until(text: str, at: int, end: int, stops: str) -> int:
    while at < end and text[at] not in stops:
        at += 1
    return at


def _behind_value(text: str, at: int, end: int, stops: str) -> int:
    if at < end and text[at] == '"':
        close = text.find('"', at + 1, end)
        return close + 1 if close >= 0 else end
    return _until(text, at, end, SPACES + stops)


def find_param(text: str, at: int, end: int, wanted: str) -> Param:
    """A parameter in a list `;a=1;b`."""
    while True:
        begin = at
        at = _skip(text, at, end)
        if at >= end or text[at] != ";":
            return Param(False, (begin, begin), (begin, begin), ";")
        start = _skip(text, at + 1, end)
        at = stop = _until(text, start, end, f"{SPACES}=;")
        at = _skip(text, at, end)
        if at < end and text[at] == "=":
            at = _behind_value(text, _skip(text, at + 1, end), end, ";")
        if text[start:stop].lower() == wanted:
            return Param(True, (stop, at), (begin, at), ";")


def find_pair(text: str, at: int, end: int, wanted: str) -> Param:
    """A parameter in a header such as `Digest a=1, b="2"`."""
    delimiter = ""
    while at < end:
        begin = at
        at = _skip(text, at, end)
        comma = at < end and text[at] == ","
        at = _skip(text, at + comma, end)
        if at >= end or not _is_name(text[at]):
            at = _until_not(text, at, end)
            continue
        delimiter = delimiter or " "
        start = at
        while at < end and _is_name(text[at]):
            at += 1
        stop = at
        at = changed = _skip(text, at, end)
        if at < end and text[at] == "=":
            delimiter = ","
            at = _behind_value(text, _skip(text, at + 1, end), end, ",")
            if text[start:stop].lower() == wanted:
                behind = _skip(text, at, end)
                last = behind + 1 if not comma and behind < end and text[behind] == "," else at
                return Param(True, (changed, at), (begin, last), delimiter)
        at = _skip(text, at, end)
    return Param(False, (at, at), (at, at), delimiter)


def _is_name(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "_-")


def _until_not(text: str, at: int, end: int) -> int:
    """5.6.3 skips commas here only, and would never come past another character."""
    stop = at
    while stop < end and text[stop] == ",":
        stop += 1
    return stop if stop > at else at + 1


def set_param(run: Run, name: Name, value: str | None, area: tuple[int, int], find: Finder) -> int:
    """Changes a parameter, adds it, or (without a value) removes it as often as it is there."""
    text, lumps = run.message.text, run.message.lumps
    at, end = area
    result = 0
    while True:
        param = find(text, at, end, name.param.lower())
        result = result or _set(lumps, name, value, param)
        if value is not None or not param.found:
            return result
        at = param.removed[1]


def _set(lumps: Lumps, name: Name, value: str | None, param: Param) -> int:
    if param.found:
        start, end = param.removed if value is None else param.changed
        if end > start:
            lumps.delete(start, end - start)
        if value:
            lumps.anchor(param.changed[0]).add_before(f"={value}")
        return 1
    if value is None:
        return -1
    lumps.anchor(param.removed[0]).add_before(f"{param.delimiter}{name.param}{'=' if value else ''}{value}")
    return 1
