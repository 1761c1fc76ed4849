"""Bodies by their content type: the whole body, or the parts of a multipart one."""

import re
from typing import NamedTuple

from sroute.sip import params as lists
from sroute.sip.headers import LINE, kind
from sroute.sip.message import Message

_TYPE = re.compile(r"[ \t]*([^ \t\r\n/;,]++)[ \t]*/[ \t]*([^ \t\r\n;,]++)[ \t]*(?:;|\Z)")


class Part(NamedTuple):
    """A part of a body: content type in lower case without parameters, the header lines' kinds and bodies, offsets of the content.

    `outer_start` and `outer_end` take in the boundary line in front and the part's headers.
    """

    type: str
    headers: tuple[tuple[str, str], ...]
    start: int
    end: int
    outer_start: int
    outer_end: int


def content_type(value: str | None) -> str:
    """`type/subtype` of a Content-Type body in lower case, `""` when it is none."""
    found = _TYPE.match(value) if value is not None else None
    return f"{found[1]}/{found[2]}".lower() if found is not None else ""


def boundary(value: str) -> str | None:
    """The boundary parameter of a Content-Type body."""
    at = value.find(";")
    taken = lists.parse(value, lists.skip(value, at + 1, len(value))) if at >= 0 else None
    return (lists.value(taken[0], "boundary") or None) if taken is not None else None


def parts(message: Message) -> list[Part]:
    """The parts of the body: one for a plain body, those between the boundaries for `multipart/...`, none without a body."""
    if message.body_start < 0 or not message.complete or message.body_start >= len(message.text):
        return []
    value = message.value("content-type") or ""
    type_, size = content_type(value), len(message.text)
    mark = boundary(value) if type_.startswith("multipart/") else None
    if mark is None:
        return [Part(type_, (), message.body_start, size, message.body_start, size)]
    return _split(message.text, message.body_start, size, f"--{mark}")


def find(message: Message, wanted: str) -> Part | None:
    """The first part of a content type; a plain body without Content-Type counts as nothing."""
    return next((part for part in parts(message) if part.type == wanted), None)


def _split(text: str, at: int, end: int, mark: str) -> list[Part]:
    found: list[Part] = []
    begin = _boundary_line(text, mark, at, end)
    while begin >= 0:
        head = text.find("\n", begin, end) + 1
        after = _boundary_line(text, mark, head, end) if head > 0 else -1
        if head <= 0 or text.startswith(f"{mark}--", begin):
            break
        stop = after if after >= 0 else end
        content, headers = _part_headers(text, head, stop)
        content_end = stop - (2 if text.endswith("\r\n", content, stop) else 1 if text.endswith("\n", content, stop) else 0)
        type_ = content_type(dict(headers).get("content-type")) or "text/plain"
        found.append(Part(type_, headers, content, max(content, content_end if after >= 0 else stop), begin, stop))
        begin = after
    return found


def _boundary_line(text: str, mark: str, at: int, end: int) -> int:
    """The offset of the next line that begins with the boundary."""
    found = text.find(mark, at, end)
    while found > at and text[found - 1] != "\n":
        found = text.find(mark, found + 1, end)
    return found


def _part_headers(text: str, at: int, end: int) -> tuple[int, tuple[tuple[str, str], ...]]:
    headers: list[tuple[str, str]] = []
    while at < end:
        if text[at] in "\r\n":
            return at + (2 if text.startswith("\r\n", at) else 1), tuple(headers)
        line = LINE.match(text, at, end)
        if line is None:
            return at, tuple(headers)
        headers.append((kind(line[1]), line[2].rstrip("\r\n")))
        at = line.end()
    return at, tuple(headers)
