"""The values of headers that are lists: adding, changing and removing one, and the parameters of one.

The name of a header may have an index, from 1 or from -1 at the end, or `*`, and a parameter: `Contact[2].expires`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope
from sroute.modules.textops.arguments import header_kind
from sroute.modules.textopsx.module import TextOpsX, textopsx
from sroute.runtime.run import Run
from sroute.sip.headers import Header

MOST = 10
"""From the end 5.6.3 counts no further."""
SPACES = "\t\n\r "
_NAME = re.compile(
    r"\s*([A-Za-z0-9_-]+)\s*"  # name
    r"(?:\[\s*(\*|[+-]?[0-9]+)?\s*\]\s*)?"  # index
    r"(?:\.\s*([A-Za-z0-9_-]+))?\Z"  # parameter
)
_ALL = "*"


class Name(NamedTuple):
    """A header, which of its values (0: none is said, or every one), and a parameter."""

    kind: str
    written: str
    number: int
    every: bool
    param: str


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """A header name with an index and a parameter, as far as they are allowed."""

    default: int = 1
    index: bool = True
    star: bool = False
    param: bool = False
    form: str = "header[index].param"

    def parse(self, text: str, names: Names) -> Name:
        """The name taken apart."""
        found = _NAME.match(text)
        kind = header_kind(found[1]) if found is not None else None
        if found is None or kind is None:
            raise FixupError(f"cannot parse header near '{text}'")
        has_index, param = "[" in text, found[3] or ""
        if not self.index and (has_index or param):
            raise FixupError(f"neither index nor param may be specified in '{text}'")
        every = found[2] == _ALL
        if every and not (self.star or (self.param and param)):
            raise FixupError("asterisk not supported" + (" without param" if self.param else ""))
        if param and not self.param:
            raise FixupError("param not supported")
        index = int(found[2]) if found[2] and not every else 0
        if index < -MOST:
            raise FixupError(f"index cannot be lower than {-MOST}")
        return Name(kind, found[1], index, every, param)

    def bind(self, parsed: Name, scope: Scope) -> Arg[Name]:
        """The name."""
        return Constant(parsed)


ONE = HeaderValue()
PLAIN = HeaderValue(index=False)
ANY = HeaderValue(star=True, param=True)
ASSIGNED = HeaderValue(param=True)


class Found(NamedTuple):
    """A value: its offsets, and those of the text around it up to behind the comma."""

    header: Header
    start: int
    end: int
    outer_start: int
    outer_end: int


def values(text: str, header: Header) -> Iterator[Found]:
    """The values of a header."""
    at, end = header.body_start, header.body_end
    while True:
        outer = at
        while at < end and text[at] in SPACES:
            at += 1
        start, quoted = at, False
        while at < end and (text[at] != "," or quoted):
            if text[at] == '"' and (not quoted or text[at - 1] != "\\"):
                quoted = not quoted
            at += 1
        stop = start + len(text[start:at].rstrip(SPACES))
        at += at < end
        yield Found(header, start, stop, outer, at)
        if at >= end:
            return


def nth(run: Run, name: Name, index: int) -> Found | None:
    """The value of that number."""
    text = run.message.text
    found = [value for header in run.message.all(name.kind) for value in values(text, header)]
    return _pick(found, index)


def _pick(found: "list[Found]", index: int) -> Found | None:
    if index > 0:
        return found[index - 1] if index <= len(found) else None
    return found[index] if -index <= min(len(found), MOST) else None


def _headers_end(run: Run, name: Name, value: str) -> int:
    """Adds a header of that name behind all others."""
    message = run.message
    message.lumps.anchor(message.headers_end).add_before(f"{name.written}: {value}\r\n")
    return 1


def _add(run: Run, at: int, value: str, header: Header) -> int:
    """Adds a value with a comma."""
    text = f",{value}" if at == header.body_end else f"{value},"
    run.message.lumps.anchor(at).add_before(text)
    return 1


def delete(run: Run, header: Header, start: int, end: int) -> int:
    """Removes text of a header, and the header when nothing else is left."""
    whole = start == header.body_start and end == header.body_end
    lumps = run.message.lumps
    lumps.delete(header.start, header.end - header.start) if whole else lumps.delete(start, end - start)
    return 1


def without(run: Run, found: Found) -> int:
    """Removes a value and its comma."""
    header, start, end = found.header, found.outer_start, found.outer_end
    if end == header.body_end and start > header.body_start:
        start -= 1
    return delete(run, header, start, end)


# ---------------------------------------------------------------- is a value there


@textopsx.function("hf_value_exists", PLAIN, FORMAT)
def hf_value_exists(state: TextOpsX, run: Run, name: Name, value: str) -> int:
    """True when a list in headers has a value, without regard to case.

    Example: if (hf_value_exists("Supported", "path")) { xlog("path\\n"); }
    """
    return 1 if value and next(_same(run, name, value), None) is not None else -1


def _same(run: Run, name: Name, value: str) -> Iterator[Found]:
    text, wanted = run.message.text, value.lower()
    for header in run.message.all(name.kind):
        for found in values(text, header):
            if text[found.start : found.end].lower() == wanted:
                yield found


@textopsx.function("include_hf_value", PLAIN, FORMAT)
def include_hf_value(state: TextOpsX, run: Run, name: Name, value: str) -> int:
    """Adds a value to a list in headers where it is not in it: behind the first header of that name, or as a new one.

    Example: include_hf_value("Supported", "path");
    """
    if not value:
        return -1
    if next(_same(run, name, value), None) is not None:
        return 1
    header = next(iter(run.message.all(name.kind)), None)
    return _headers_end(run, name, value) if header is None else _add(run, header.body_end, value, header)


@textopsx.function("exclude_hf_value", PLAIN, FORMAT)
def exclude_hf_value(state: TextOpsX, run: Run, name: Name, value: str) -> int:
    """Removes a value from a list in headers; true also when it is not in it.

    Example: exclude_hf_value("Supported", "100rel");
    """
    if not value:
        return -1
    for found in list(_same(run, name, value)):
        without(run, found)
    return 1


# ---------------------------------------------------------------- adding


@textopsx.function("append_hf_value", ONE, FORMAT)
def append_hf_value(state: TextOpsX, run: Run, name: Name, value: str) -> int:
    """Adds a value behind another one (`Header[n]`), or a new header behind all others.

    Example: append_hf_value("Supported[1]", "timer");
    """
    found = nth(run, name, name.number or -1) if name.number else None
    return _headers_end(run, name, value) if found is None else _add(run, found.outer_end, value, found.header)


@textopsx.function("insert_hf_value", ONE, FORMAT)
def insert_hf_value(state: TextOpsX, run: Run, name: Name, value: str) -> int:
    """Adds a value in front of another one (`Header[n]`), or a new header in front of the first of that name.

    Example: insert_hf_value("Supported[1]", "timer");
    """
    found = nth(run, name, name.number or 1)
    if found is None:
        return _headers_end(run, name, value) if name.number in (0, 1) else -1
    if name.number:
        return _add(run, found.outer_start, value, found.header)
    run.message.lumps.anchor(found.header.start).add_before(f"{name.written}: {value}\r\n")
    return 1
