"""Session descriptions: sessions, media, addresses and attributes, with the place of each line in the text."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from sroute.sip import multipart
from sroute.sip.message import Message

_LINE = re.compile(r"([a-zA-Z])=([^\r\n]*)[^\n]*(?:\n|\Z)")
_FAMILIES = ("IP4", "IP6")
_WORD = re.compile(r"[^ \t]+")
_MODES = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
STATIC_CODECS = {
    "PCMU": "0", "GSM": "3", "G723": "4", "DVI4": "5:6:16:17", "LPC": "7", "PCMA": "8", "G722": "9", "L16": "10:11", "QCELP": "12",
    "CN": "13", "MPA": "14", "G728": "15", "G729": "18", "CelB": "25", "JPEG": "26", "nv": "28", "H261": "31", "MPV": "32", "MP2T": "33",
    "H263": "34", "t38": "t38",
}  # fmt: skip
"""Codec names whose payload numbers (separated by colons) are fixed."""


class Line(NamedTuple):
    """A line `type=value`; `start` of the type, `end` behind the line end."""

    type: str
    value: str
    start: int
    end: int

    @property
    def value_start(self) -> int:
        """The offset of the value."""
        return self.start + 2


class Address(NamedTuple):
    """The address of a `c=` or `o=` line: family (`IP4`, `IP6`), address without a TTL behind it, and its offset."""

    family: str
    ip: str
    start: int


@dataclass(slots=True)
class Block:
    """The lines of a session or of one of its media, in order."""

    lines: list[Line] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where the block begins."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.lines[-1].end

    def line(self, kind: str) -> Line | None:
        """The first line of a type."""
        return next((line for line in self.lines if line.type == kind), None)

    @property
    def connection(self) -> Address | None:
        """The address of the first `c=` line."""
        line = self.line("c")
        return address(line, 1) if line is not None else None

    def attributes(self, name: str) -> list[str]:
        """The values of the attributes of a name (`""` for a bare one)."""
        found = []
        for line in self.lines:
            key, _, value = line.value.partition(":")
            if line.type == "a" and key == name:
                found.append(value)
        return found

    def attribute(self, name: str) -> str | None:
        """The value of the first attribute of a name; None when it is not there."""
        found = self.attributes(name)
        return found[0] if found else None

    @property
    def mode(self) -> str | None:
        """`sendrecv`, `sendonly`, `recvonly` or `inactive`, if one is said; the last counts."""
        said = [line.value for line in self.lines if line.type == "a" and line.value in _MODES]
        return said[-1] if said else None


@dataclass(slots=True)
class Media(Block):
    """One `m=` line and what belongs to it."""

    kind: str = ""
    port: str = ""
    transport: str = ""
    formats: list[str] = field(default_factory=list)

    @property
    def port_number(self) -> int:
        """The port; 0 when it is no number. A count behind a slash is left out."""
        digits = self.port.partition("/")[0]
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0

    def codec(self, payload: str) -> str | None:
        """The codec name of a payload by its rtpmap, else by the fixed numbers."""
        for value in self.attributes("rtpmap"):
            number, _, name = value.partition(" ")
            if number == payload:
                return name.strip(" \t").partition("/")[0]
        return next((name for name, numbers in STATIC_CODECS.items() if payload in numbers.split(":")), None)

    def payloads(self, codec: str) -> list[str]:
        """The payloads among the formats that a codec name stands for, without case."""
        wanted = codec.lower()
        return [payload for payload in self.formats if (self.codec(payload) or "").lower() == wanted]


@dataclass(slots=True)
class Session(Block):
    """One description, from `v=` on."""

    media: list[Media] = field(default_factory=list)

    @property
    def origin(self) -> Address | None:
        """The address of the `o=` line."""
        line = self.line("o")
        return address(line, 4) if line is not None else None

    @property
    def version(self) -> str | None:
        """The version number in the `o=` line ($sdp(sess_version))."""
        line = self.line("o")
        words = _WORD.findall(line.value) if line is not None else []
        return words[2] if len(words) > 2 else None

    def address_of(self, media: Media) -> Address | None:
        """Where a media stream is wanted: its own `c=` line, else that of the session."""
        return media.connection or self.connection

    @property
    def last(self) -> int:
        """Where the session with all its media ends."""
        return self.media[-1].end if self.media else self.end


@dataclass(frozen=True, slots=True)
class Sdp:
    """All sessions of a body; `start` and `end` are offsets into the text it was read from."""

    sessions: list[Session]
    start: int
    end: int

    @property
    def media(self) -> list[Media]:
        """The media of all sessions."""
        return [media for session in self.sessions for media in session.media]


def address(line: Line, word: int) -> Address | None:
    """The address in a `c=` or `o=` line: the words from that number on are family and address."""
    words = [(found[0], found.start()) for found in _WORD.finditer(line.value)]
    if len(words) <= word + 1:
        return None
    ip, at = words[word + 1]
    return Address(words[word][0], ip.partition("/")[0], line.value_start + at)


def parse(text: str, at: int = 0, stop: int | None = None) -> Sdp | None:
    """The description between two offsets, from the first `v=` line on.

    None when Kamailio's parser refuses it: no session, one without `o=` (of six words) or `m=`, media with no `c=` of their
    own or the session's, an `m=` or `c=` line that is cut short, an address that is neither IP4 nor IP6 (in capital letters).
    """
    sessions = _sessions(text, at, stop)
    return Sdp(sessions, at, len(text) if stop is None else stop) if sessions and all(map(_whole, sessions)) else None


def complaints(text: str, at: int = 0, stop: int | None = None) -> list[str]:
    """What Kamailio's core says of the first address whose family it does not know."""
    for session in _sessions(text, at, stop):
        places = [(session.line("o"), 4, "origin "), (session.line("c"), 1, "common ")]
        places += [(media.line("c"), 1, "") for media in session.media]
        for line, word, what in places:
            found = address(line, word) if line is not None else None
            if line is None or found is None or found.family in _FAMILIES:
                continue
            if found.family.startswith("IP"):
                first = f"invalid addrtype IPx for `{line.type}=' line"
            else:
                first = f"no `IP[4|6]' in `{line.type}=' field"
            return [first, f"can't extract {what}media IP from the message"]
    return []


def _sessions(text: str, at: int, stop: int | None) -> list[Session]:
    """The sessions between two offsets, whole or not."""
    end = len(text) if stop is None else stop
    sessions: list[Session] = []
    position = at
    while position < end:
        found = _LINE.match(text, position, end)
        if found is None:
            position = _next_line(text, position, end)
            continue
        line = Line(found[1], found[2], position, found.end())
        position = found.end()
        if line.type == "v":
            sessions.append(Session())
        elif line.type == "m" and sessions:
            sessions[-1].media.append(_media(line))
        if sessions:
            session = sessions[-1]
            (session.media[-1] if session.media else session).lines.append(line)
    return sessions


def _whole(session: Session) -> bool:
    if session.origin is None or session.origin.family not in _FAMILIES or not session.media:
        return False
    common = session.line("c")
    if common is not None and (shared := address(common, 1)) is not None and shared.family not in _FAMILIES:
        return False
    for media in session.media:
        line = media.line("c") or common
        where = address(line, 1) if line is not None else None
        if where is None or where.family not in _FAMILIES or not media.formats:
            return False
    return True


def _next_line(text: str, at: int, end: int) -> int:
    found = text.find("\n", at, end)
    return end if found < 0 else found + 1


def _media(line: Line) -> Media:
    words = _WORD.findall(line.value)
    words += [""] * (3 - len(words))
    return Media([], words[0], words[1], words[2], words[3:])


def of(message: Message) -> Sdp | None:
    """The description that a message carries, alone or as the first `application/sdp` part of a `multipart/mixed` body."""
    part = multipart.find(message, "application/sdp")
    if part is None or (part.headers and multipart.content_type(message.value("content-type")) != "multipart/mixed"):
        return None
    return parse(message.text, part.start, part.outer_end)
