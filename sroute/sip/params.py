"""Parameter lists `a=1;b;c="x"` as most of Kamailio's parsers take them (Contact, Route, transformations, module parameters)."""

import re
from typing import NamedTuple

_QUOTES = "\"'"
_SPACE = " \t\r\n"
_STOP = re.compile(r"[ \t\r\n,=;]")


class Param(NamedTuple):
    """A parameter: value None without `=`, without its quotes otherwise; offsets of the whole and of the value."""

    name: str
    value: str | None
    start: int
    end: int
    value_start: int = -1


def parse(text: str, at: int = 0, stop: int | None = None, separator: str = ";") -> tuple[list[Param], int] | None:
    """The parameters between two offsets, up to a comma or `>`, and where they end; None when the list is refused.

    Quotes are double or single and know no escapes. A name must follow each separator.
    """
    end = len(text) if stop is None else stop
    found: list[Param] = []
    if at >= end:
        return found, at
    while True:
        taken = _one(text, at, end, separator)
        if taken is None:
            return None
        param, at = taken
        found.append(param)
        if at >= end or (separator != "," and text[at] == ",") or (separator != ">" and text[at] == ">"):
            return found, at
        if text[at] != separator:
            return None
        at = skip(text, at + 1, end)
        if at >= end:
            return None


def complaint(text: str, separator: str = ";") -> tuple[str, ...]:
    """What Kamailio says of a list that it refuses."""
    at, end = 0, len(text)
    while at < end:
        taken = _one(text, at, end, separator)
        if taken is None:
            begin = skip(text, text.index("=", at) + 1, end)
            return f"Error while parsing {'quoted string' if text[begin] in _QUOTES else 'token'}", "Error while parsing param body"
        at = taken[1]
        if at >= end or text[at] in ",>":
            break
        if text[at] != separator:
            return (f"Invalid character '{text[at]}' - expected '{separator}'",)
        at = skip(text, at + 1, end)
        if at >= end:
            return (f"Param name missing after {separator}",)
    return ()


def skip(text: str, at: int, end: int) -> int:
    """The offset of the next character that is no blank and no line end."""
    while at < end and text[at] in _SPACE:
        at += 1
    return at


def _one(text: str, at: int, end: int, separator: str) -> tuple[Param, int] | None:
    stop = _STOP if separator == ";" else re.compile(rf"[ \t\r\n,={re.escape(separator)}]")
    start, at = at, _next(stop, text, at, end)
    name, name_end = text[start:at], at
    at = skip(text, at, end)
    if at >= end or text[at] != "=":
        return Param(name, None, start, name_end), at
    at = skip(text, at + 1, end)
    if at >= end:
        return Param(name, "", start, at, at), at
    if text[at] in _QUOTES:
        close = text.find(text[at], at + 1, end)
        if close < 0:
            return None
        return Param(name, text[at + 1 : close], start, close + 1, at + 1), skip(text, close + 1, end)
    begin, at = at, _next(stop, text, at, end)
    while at < end and text[at] == "=" and separator != "=":
        at = _next(stop, text, at + 1, end)
    if at == begin:
        return None
    return Param(name, text[begin:at], start, at, begin), skip(text, at, end)


def _next(stop: re.Pattern[str], text: str, at: int, end: int) -> int:
    found = stop.search(text, at, end)
    return found.start() if found is not None else end


def value(params: list[Param], name: str) -> str | None:
    """The value of the last parameter of a name, without case; `""` without a value, None when it is not there."""
    wanted = name.lower()
    for param in reversed(params):
        if param.name.lower() == wanted:
            return param.value or ""
    return None
