"""A SIP message as Kamailio's core sees it when it arrives, and what a script hangs on it while it runs.

The text is latin-1: one character is one byte. What the core drops before any script runs raises `MessageError`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from sroute.errors import MessageError
from sroute.sip import cseq as cseqs
from sroute.sip import nameaddr
from sroute.sip import uri as uris
from sroute.sip import via as vias
from sroute.sip.cseq import CSeq
from sroute.sip.endpoint import LOCAL, PEER, Endpoint
from sroute.sip.headers import KINDS, SINGLE, Header, Row, header, kind
from sroute.sip.headers import rows as find_rows
from sroute.sip.lump import Lumps
from sroute.sip.nameaddr import NameAddr
from sroute.sip.uri import Uri
from sroute.sip.via import Via

_BLANK = " \t\r\n\0"
_CHECKED = SINGLE - {"from", "max-forwards"} | {"via", "retry-after"}
_REQUEST_LINE = re.compile(r"([^ \t\r\n]++) ([^ \t\r\n]*+)[ \t]++([^ \t\r\n]++)[ \t]*+(?:\r[^\n]*+)?\n")
_STATUS_LINE = re.compile(r"([Ss][Ii][Pp]/2\.0) ([0-9]{3})[ \t]++([^\r\n]*+)[^\n]*+\n")
_CONTENT_LENGTH = re.compile(r"([0-9]{1,10}+)(?:[ \t]|\r?\n[ \t])*+\Z")
_RETRY_AFTER = re.compile(r"([0-9]{1,10}+)(?![^ \t\r\n;(])")
_TOO_LONG = 2147483640
SHORTEST = 17


@dataclass(slots=True)
class ReplyLump:
    """Something that local replies to a request carry: header lines, or the body."""

    text: str
    body: bool = False


class Message:
    """One message; see the slots for what there is.

    `ruri` is the Request-URI as received, `uri` the one that counts now. `complete` says whether all headers could be
    read: after a bad header line Kamailio knows those before it, but no body, and sends no reply.
    """

    __slots__ = (
        "_body", "_first", "_from", "_headers", "_uri", "_uri_of", "body_lumps", "body_start", "call_id", "complete", "conid",
        "content_length", "cseq", "dst", "dst_uri", "eoh", "flags", "force_rport", "global_address", "global_port", "headers_start",
        "iflags", "instance", "is_request", "local_rport", "location_ua", "lumps", "method", "new_uri", "number", "otcpid", "path",
        "read_all", "reason", "reply_lumps", "rows", "ruid", "ruri", "send_socket", "src", "status", "text", "to", "trouble", "uri_start",
        "version", "via_extra", "vias", "xflags",
    )  # fmt: skip

    def __init__(self, text: str, src: Endpoint = PEER, dst: Endpoint = LOCAL) -> None:
        self.src = src
        self.dst = dst
        self.new_uri: str | None = None
        self.dst_uri: str | None = None
        self.path: str | None = None
        self.send_socket: str | None = None
        self.flags = 0
        self.xflags = (0, 0)
        self.iflags = 0
        self.via_extra: Callable[[], str] | None = None
        """What a script adds to the Via that Kamailio writes: further parameters, asked for when the request leaves."""
        self.global_address = ""
        self.global_port = ""
        self.force_rport = False
        self.local_rport = False
        self.ruid: str | None = None
        self.location_ua: str | None = None
        self.instance: str | None = None
        self.otcpid = 0
        self.conid: int | None = None
        self.number = 0
        self._read(text)

    def _read(self, text: str) -> None:
        """Take a text as the message's content; pending changes end."""
        self.text = text
        self.lumps = Lumps()
        self.body_lumps = Lumps()
        self.reply_lumps: list[ReplyLump] = []
        self.new_uri = None
        self._uri_of: str | None = None
        self._uri: Uri | None = None
        self._body: str | None = None
        self._first_line(text)
        self._header_lines(text)
        self._check()

    def again(self) -> "Message":
        """Another message of the same text. Only for one that stays as it was read: what has been read of it is not read again."""
        made = Message.__new__(Message)
        for name, value in zip(Message.__slots__, _ALL(self), strict=True):
            setattr(made, name, value)
        made.lumps, made.body_lumps, made.reply_lumps = Lumps(), Lumps(), []
        made.rows, made._first, made.vias = list(self.rows), dict(self._first), list(self.vias)
        return made

    def _first_line(self, text: str) -> None:
        end = text.find("\r\n")
        line = text[:end] if end >= SHORTEST - 2 else ""
        words = line.split(" ")
        if len(words) == 3 and words[2] == "SIP/2.0" and line[0] > " " and not ("\n" in line or "\t" in line or "\r" in line):
            self.is_request = True
            self.method, self.ruri, self.version = words
            self.status, self.reason = 0, ""
            self.uri_start = len(words[0]) + 1
            self.headers_start = end + (3 if text[end + 2 : end + 3] == "\r" else 2)
            return
        self._odd_first_line(text)

    def _odd_first_line(self, text: str) -> None:
        start = 0 if text[:1] not in _BLANK else len(text) - len(text.lstrip(_BLANK))
        if len(text) - start < SHORTEST:
            raise MessageError("message too short")
        line = _STATUS_LINE.match(text, start) if text[start : start + 8].lower() == "sip/2.0 " else None
        if line is not None:
            self.is_request = False
            self.version, status, self.reason = line.groups()
            self.status = int(status)
            self.method = self.ruri = ""
            self.uri_start = -1
        else:
            line = _REQUEST_LINE.match(text, start)
            if line is None or text[start : start + 8].lower() == "sip/2.0 ":
                raise MessageError("bad first line")
            self.is_request = True
            self.method, self.ruri, self.version = line.groups()
            self.status, self.reason = 0, ""
            self.uri_start = line.start(2)
        self.headers_start = line.end() + (text[line.end() : line.end() + 1] == "\r")  # a CR behind the line end is eaten, too

    def _header_lines(self, text: str) -> None:
        """Read header lines up to the empty one, or to the first that Kamailio calls bad."""
        rows, self.eoh, bad = find_rows(text, self.headers_start)
        self._headers: list[Header] | None = None
        self.read_all = False
        self._from: NameAddr | None = None
        self.trouble = "bad header" if bad else ""
        first: dict[str, Row] = {}
        self.rows, self._first = rows, first
        if not self._quick_look(text, rows, first):
            first.clear()
            self._careful_look(text, rows, first)
        self.complete = not self.trouble
        self.body_start = -1 if self.eoh < 0 else self.eoh + (2 if text.startswith("\r\n", self.eoh) else 1)

    def _quick_look(self, text: str, rows: list[Row], first: dict[str, Row]) -> bool:
        """Look into the headers that the core reads at once; False when one is bad or twice there, and the order counts."""
        found: list[Via] = []
        for row in rows:
            known = row[0]
            if known not in first:
                first[known] = row
            elif known in SINGLE:
                return False
            if known == "via":
                values = vias.parse(text, row[2], row[3])
                if values is None or row[4] == len(text):
                    return False
                found += values
        to, cseq, call_id = first.get("to"), first.get("cseq"), first.get("call-id")
        if to is None or cseq is None or call_id is None or "retry-after" in first:
            return False
        self.vias: list[Via] = found
        self.to: NameAddr | None = nameaddr.parse(text, to[2], to[3])
        self.cseq: CSeq | None = cseqs.parse(text[cseq[2] : cseq[3]])
        self.call_id: str | None = text[call_id[2] : call_id[3]]
        self.content_length: int | None = None
        length = first.get("content-length")
        if length is not None:
            digits = text[length[2] : length[3]]
            if len(digits) > 9 or not digits.isdigit() or not digits.isascii():
                return False
            self.content_length = int(digits)
        return self.to is not None and self.to.end == to[3] and self.cseq is not None

    def _careful_look(self, text: str, rows: list[Row], first: dict[str, Row]) -> None:
        """The same header by header: those behind a bad one are not there."""
        self.vias, self.to, self.cseq, self.call_id, self.content_length = [], None, None, None, None
        for number, row in enumerate(rows):
            known = row[0]
            if known in first and known in SINGLE:
                self.trouble = f"duplicate {known}"
            elif known in _CHECKED and not self._take(known, text, row[2], row[3]):
                self.trouble = f"bad {known}"
            elif known == "via" and row[4] == len(text):
                self.vias.clear()  # a Via that ends the text is never whole for 5.6.3
                self.trouble = "bad via"
            else:
                first.setdefault(known, row)
                continue
            self.rows, self.eoh = rows[:number], -1
            return

    def _take(self, known: str, text: str, begin: int, end: int) -> bool:
        """Look into a header that the core reads at once; False when it is bad."""
        if known == "via":
            found = vias.parse(text, begin, end)
            if found is not None:
                self.vias += found
            return found is not None
        if known == "to":
            self.to = nameaddr.parse(text, begin, end)
            return self.to is not None and self.to.end == end
        if known == "cseq":
            self.cseq = cseqs.parse(text[begin:end])
            return self.cseq is not None
        if known == "call-id":
            self.call_id = text[begin:end]
            return True
        pattern, limit = (_CONTENT_LENGTH, _TOO_LONG) if known == "content-length" else (_RETRY_AFTER, 0xFFFFFFFF)
        number = pattern.match(text, begin, end)
        if number is None or int(number[1]) > limit:
            return False
        if known == "content-length":
            self.content_length = int(number[1])
        return True

    def _check(self) -> None:
        """Drop what the core drops."""
        if not self.vias:
            raise MessageError(f"no Via found{f' ({self.trouble})' if self.trouble else ''}", "via")
        if self.is_request and self.version[:7].upper() != "SIP/2.0":
            raise MessageError(f"not SIP/2.0 but {self.version}")
        if self.to is None or self.cseq is None or self.call_id is None or "from" not in self._first:
            raise MessageError(f"From, To, CSeq or Call-ID not found{f' ({self.trouble})' if self.trouble else ''}", "headers", self)
        if not self.is_request:
            self.method = self.cseq.method

    # what the message says

    @property
    def uri(self) -> str:
        """The Request-URI that counts now: the rewritten one, else the received one; `""` in a reply."""
        return self.ruri if self.new_uri is None else self.new_uri

    @uri.setter
    def uri(self, text: str) -> None:
        self.new_uri = text

    @property
    def status_text(self) -> str:
        """The status as it is written: three digits."""
        return f"{self.status:03d}"

    @property
    def parsed_uri(self) -> Uri | None:
        """The current Request-URI in parts; None when it does not parse, and in a reply."""
        text = self.uri
        if self._uri_of is not text:
            self._uri_of = text
            self._uri = uris.parse(text)
        return self._uri

    @property
    def via1(self) -> Via:
        """The top Via value."""
        return self.vias[0]

    @property
    def via2(self) -> Via | None:
        """The second Via value."""
        return self.vias[1] if len(self.vias) > 1 else None

    @property
    def from_(self) -> NameAddr | None:
        """The From body; None when it does not parse."""
        if self._from is None:
            self._from = self.nameaddr("from")
        return self._from

    def nameaddr(self, known: str) -> NameAddr | None:
        """The body of the first header of a kind, read as From and To are; None when it does not parse."""
        row = self._first.get(known)
        return nameaddr.parse(self.text, row[2], row[3]) if row is not None else None

    @property
    def headers(self) -> list[Header]:
        """All header lines that could be read, in order."""
        made = self._headers
        if made is None:
            text = self.text
            made = self._headers = [header(text, row) for row in self.rows]
        return made

    @property
    def walked(self) -> bool:
        """Whether anybody has asked for more than the headers that the core reads at once: then Kamailio has read them all."""
        return self.read_all or self._headers is not None

    def header(self, name: str) -> Header | None:
        """The first header of a name (any case, long or compact form)."""
        row = self._first.get(KINDS.get(name) or kind(name))
        return header(self.text, row) if row is not None else None

    def row(self, known: str) -> Row | None:
        """The first header of a kind, as offsets."""
        return self._first.get(known)

    def all(self, name: str) -> list[Header]:
        """All headers of a name (any case, long or compact form)."""
        known = KINDS.get(name) or kind(name)
        return [header for header in self.headers if header.kind == known] if known in self._first else []

    def value(self, name: str) -> str | None:
        """The body of the first header of a name, or None."""
        row = self._first.get(KINDS.get(name) or kind(name))
        return self.text[row[2] : row[3]] if row is not None else None

    @property
    def body(self) -> str | None:
        """All behind the empty line, whatever Content-Length says; None when the headers do not end."""
        if self._body is None and self.body_start >= 0 and self.complete:
            self._body = self.text[self.body_start :]
        return self._body

    @property
    def max_forwards(self) -> str | None:
        """The body of Max-Forwards."""
        return self.value("max-forwards")

    @property
    def headers_end(self) -> int:
        """Where a header line would be appended: in front of the empty line, or at the end of a text without one."""
        return self.eoh if self.eoh >= 0 else len(self.text)

    def status_span(self) -> tuple[int, int, int]:
        """In a reply, the offsets of the status, of the reason and of the reason's end."""
        line = _STATUS_LINE.search(self.text, 0, self.headers_start)
        return (line.start(2), line.start(3), line.end(3)) if line is not None else (-1, -1, -1)

    # changes

    def patch(self, at: int, text: str) -> None:
        """Write over the text in place: it is seen at once, and all offsets stay (mf_process_maxfwd_header() works so)."""
        self.text = f"{self.text[:at]}{text}{self.text[at + len(text) :]}"
        self._headers = self._body = None

    def anchors(self, offset: int) -> Lumps:
        """The list that a change at an offset belongs to: that of the body behind the end of the headers."""
        return self.body_lumps if 0 <= self.eoh < offset else self.lumps

    def update(self, text: str) -> None:
        """Become another text, as msg_apply_changes() does: pending changes and what hangs on URI and location end, the rest stays.

        Headers that were taken away are missed only by what needs them; the Vias stay known.
        """
        self.ruid = self.location_ua = self.instance = None
        before = self.vias
        try:
            self._read(text)
        except MessageError as error:
            if self.trouble or not self.rows or error.stage not in ("via", "headers"):
                raise
            self.vias = self.vias or before
            self.method = self.method or (self.cseq.method if self.cseq is not None else "")

    @property
    def mutilated(self) -> bool:
        """Whether the script has taken away a header without which no message comes in: From, To, Call-ID or CSeq."""
        return self.to is None or self.cseq is None or self.call_id is None or "from" not in self._first

    def shadow(self) -> "Message":
        """A copy for a failure route or a branch: same text and state, own changes."""
        other = object.__new__(Message)
        for slot in Message.__slots__:
            setattr(other, slot, getattr(self, slot))
        other.lumps = self.lumps.copy()
        other.body_lumps = self.body_lumps.copy()
        other.reply_lumps = self.reply_lumps.copy()
        return other


_ALL = attrgetter(*Message.__slots__)
