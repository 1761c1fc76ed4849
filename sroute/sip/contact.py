"""Contact headers: their values, one by one, or `*`."""

import re
from typing import NamedTuple

from sroute.sip import params as lists
from sroute.sip.message import Message
from sroute.sip.params import Param

_NAME_STOP = re.compile(r'[<:;"]')
_QUOTED_END = re.compile(r'(?<!\\)"')
_URI_STOP = re.compile(r'[,;<>"]')
MAX_VALUES = 256


class Contact(NamedTuple):
    """A value: display name as written (quotes kept), URI, parameters, and offsets into the text."""

    name: str
    uri: str
    params: list[Param]
    start: int
    end: int
    uri_start: int

    @property
    def uri_end(self) -> int:
        """The offset behind the URI."""
        return self.uri_start + len(self.uri)

    def param(self, name: str) -> str | None:
        """The value of a parameter (`q`, `expires`, `received`, `methods`, `+sip.instance`, `reg-id`, `ob`, ...)."""
        return lists.value(self.params, name)


class ContactBody(NamedTuple):
    """The body of one Contact header: a star, or its values in the order of the text.

    Kamailio 5.6.3 keeps them the other way round: what walks over them (registrar, `$hfl(Contact)`) begins with the last.
    """

    star: bool
    values: list[Contact]


def parse(text: str, at: int = 0, stop: int | None = None) -> ContactBody | None:
    """A Contact body between two offsets; None when Kamailio's parser refuses it."""
    end = len(text) if stop is None else stop
    at = lists.skip(text, at, end)
    if at >= end:
        return None
    if text[at] == "*":
        return ContactBody(True, [])
    values: list[Contact] = []
    while True:
        taken = _one(text, at, end)
        if taken is None:
            return None
        made, at, end = taken
        values.append(made)
        if at >= end:
            return ContactBody(False, values)
        at = lists.skip(text, at + 1, end)
        if at >= end or len(values) > MAX_VALUES:
            return None


def of(message: Message) -> list[ContactBody] | None:
    """The bodies of all Contact headers of a message; None when one is refused."""
    bodies = [parse(message.text, row[2], row[3]) for row in message.rows if row[0] == "contact"]
    return None if None in bodies else [body for body in bodies if body is not None]


CHANGED = "contact"
"""The kind of a change that writes another URI in place of a contact's, which those that read the contacts then see at once."""


def changed(message: Message) -> dict[int, str]:
    """The URIs that wait to be written in place of contacts', by the offset of the old one."""
    return {
        anchor.offset: anchor.after[0].text.removeprefix("<").removesuffix(">")
        for anchor in message.lumps
        if anchor.kind == CHANGED and anchor.length and anchor.after
    }


def _one(text: str, start: int, end: int) -> tuple[Contact, int, int] | None:
    """The value that begins at an offset, where what follows begins, and where the body ends."""
    uri_at = _skip_name(text, start, end)
    if uri_at >= 0 and text[uri_at] in " \t":
        end -= 1  # 5.6.3 counts the blank in front of a URI without brackets twice: the last character of the body is lost
    uri_stop = _skip_uri(text, uri_at, end) if uri_at >= 0 else -1
    if uri_stop < 0:
        return None
    written = text[uri_at:uri_stop].rstrip(" \t\r\n")
    begin = uri_at
    if len(written) < 3 and written.strip(" \t\r\n") != "*":
        return None
    if len(written) >= 2 and written[0] == "<" and written[-1] == ">":
        written, begin = written[1:-1], begin + 1
    uri = written.strip(" \t\r\n")
    begin += len(written) - len(written.lstrip(" \t\r\n"))
    if not uri:
        return None
    name = text[start:uri_at].rstrip(" \t\r\n")
    at = uri_stop
    found: list[Param] = []
    if at < end and text[at] == ";":
        at = lists.skip(text, at + 1, end)
        taken = lists.parse(text, at, end) if at < end else None
        if taken is None:
            return None
        found, at = taken
    length = len(text[start:at].rstrip(" \t\r\n"))
    return Contact(name, uri, found, start, start + length, begin), at, end


def _skip_name(text: str, at: int, end: int) -> int:
    """Where the URI begins: at `<`, or behind the last blank in front of the first colon."""
    start = at
    while True:
        mark = _NAME_STOP.search(text, at, end)
        if mark is None:
            return -1
        if mark[0] == "<":
            return mark.start()
        if mark[0] != '"':
            blank = max(text.rfind(" ", start, mark.start()), text.rfind("\t", start, mark.start()))
            return blank if blank >= 0 else start
        close = _QUOTED_END.search(text, mark.end(), end)
        if close is None:
            return -1
        at = close.end()


def _skip_uri(text: str, at: int, end: int) -> int:
    """Where the URI ends: in front of a comma or semicolon outside quotes and angles; -1 when one of these stays open."""
    angle = False
    while True:
        mark = _URI_STOP.search(text, at, end)
        if mark is None:
            return -1 if angle else end
        char, at = mark[0], mark.end()
        if char in ",;":
            if not angle:
                return mark.start()
        elif char == '"':
            close = _QUOTED_END.search(text, at, end)
            if close is None:
                return -1
            at = close.end()
        elif (char == "<") == angle:
            return -1
        else:
            angle = not angle
