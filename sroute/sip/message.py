"""A SIP message as Kamailio's core sees it when it arrives, and what a script hangs on it while it runs.

The text is latin-1: one character is one byte. What the core drops before any script runs raises `MessageError`.
"""

import re
from dataclasses import dataclass

from sroute.errors import MessageError
from sroute.sip import cseq as cseqs
from sroute.sip import nameaddr
from sroute.sip import uri as uris
from sroute.sip import via as vias
from sroute.sip.cseq import CSeq
from sroute.sip.endpoint import LOCAL, PEER, Endpoint
from sroute.sip.headers import KINDS, LINE, SINGLE, Header, kind
from sroute.sip.lump import Lumps
from sroute.sip.nameaddr import NameAddr
from sroute.sip.uri import Uri
from sroute.sip.via import Via

_BLANK = " \t\r\n\0"
_REQUEST_LINE = re.compile(r"([^ \t\r\n]++) ([^ \t\r\n]*+)[ \t]++([^ \t\r\n]++)[ \t\r]*+\n")
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
        "_body", "_uri", "_uri_of", "body_lumps", "body_start", "call_id", "complete", "conid", "cseq", "dst", "dst_uri", "eoh", "first",
        "flags", "force_rport", "global_address", "global_port", "headers", "headers_start", "iflags", "instance", "is_request",
        "local_rport", "location_ua", "lumps", "method", "new_uri", "number", "otcpid", "path", "reason", "reply_lumps", "ruid", "ruri",
        "send_socket", "sflags", "src", "status", "text", "to", "trouble", "uri_start", "version", "via_flags", "vias", "xflags",
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
        self.sflags = 0
        self.iflags = 0
        self.via_flags = 0
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
        self._headers(text)
        self._check()

    def _first_line(self, text: str) -> None:
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
        self.headers_start = line.end()

    def _headers(self, text: str) -> None:
        """Read header lines up to the empty one, or to the first that Kamailio calls bad."""
        headers: list[Header] = []
        first: dict[str, Header] = {}
        self.headers, self.first = headers, first
        self.vias: list[Via] = []
        self.to: NameAddr | None = None
        self.cseq: CSeq | None = None
        self.call_id: str | None = None
        self.trouble = ""
        at, size, match = self.headers_start, len(text), LINE.match
        self.eoh = -1
        while at < size:
            if text[at] in "\r\n":
                self.eoh = at
                break
            found = match(text, at)
            if found is None:
                self.trouble = "bad header"
                break
            name, body = found.groups()
            known = KINDS.get(name) or kind(name)
            header = Header(name, known, body.rstrip("\r\n\0"), at, found.start(2), found.end())
            if known in _CHECKED and not self._take(header):
                break
            headers.append(header)
            if known not in first:
                first[known] = header
            at = header.end
        self.complete = not self.trouble
        self.body_start = -1 if self.eoh < 0 else self.eoh + (2 if text.startswith("\r\n", self.eoh) else 1)

    def _take(self, header: Header) -> bool:
        """Look into a header that the core reads at once; False when it is bad."""
        known = header.kind
        if known in SINGLE and known in self.first:
            self.trouble = f"duplicate {header.name}"
            return False
        good: object = True
        match known:
            case "via":
                found = vias.parse(self.text, header.body_start, header.end - len(self.text[header.body_end : header.end]))
                if found:
                    self.vias += found
                good = found
                header.parsed = found
            case "to":
                good = self.to = header.parsed = nameaddr.parse(self.text, header.body_start, header.body_end)
            case "cseq":
                good = self.cseq = cseqs.parse(header.body)
            case "call-id":
                self.call_id = header.body
            case "content-length":
                length = _CONTENT_LENGTH.match(header.body)
                good = length is not None and int(length[1]) < _TOO_LONG
                header.parsed = int(length[1]) if length else None
            case "retry-after":
                seconds = _RETRY_AFTER.match(header.body)
                good = seconds is not None and int(seconds[1]) <= 0xFFFFFFFF
                header.parsed = int(seconds[1]) if seconds else None
            case _:
                pass
        if not good:
            self.trouble = f"bad {header.name}"
        return bool(good)

    def _check(self) -> None:
        """Drop what the core drops."""
        if not self.vias:
            raise MessageError(f"no Via found{f' ({self.trouble})' if self.trouble else ''}")
        if self.is_request and self.version[:7].upper() != "SIP/2.0":
            raise MessageError(f"not SIP/2.0 but {self.version}")
        if self.to is None or self.cseq is None or self.call_id is None or "from" not in self.first:
            raise MessageError(f"From, To, CSeq or Call-ID not found{f' ({self.trouble})' if self.trouble else ''}")
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
        return self.nameaddr("from")

    def nameaddr(self, known: str) -> NameAddr | None:
        """The body of the first header of a kind, read as From and To are."""
        header = self.first.get(known)
        if header is None:
            return None
        if header.parsed is None:
            header.parsed = nameaddr.parse(self.text, header.body_start, header.body_end) or False
        return header.parsed if isinstance(header.parsed, NameAddr) else None

    def header(self, name: str) -> Header | None:
        """The first header of a name (any case, long or compact form)."""
        return self.first.get(KINDS.get(name) or kind(name))

    def all(self, name: str) -> list[Header]:
        """All headers of a name (any case, long or compact form)."""
        known = KINDS.get(name) or kind(name)
        return [header for header in self.headers if header.kind == known] if known in self.first else []

    def value(self, name: str) -> str | None:
        """The body of the first header of a name, or None."""
        header = self.first.get(KINDS.get(name) or kind(name))
        return header.body if header is not None else None

    @property
    def content_length(self) -> int | None:
        """The number in Content-Length, None without the header."""
        header = self.first.get("content-length")
        return header.parsed if header is not None and isinstance(header.parsed, int) else None

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

    # changes

    def anchors(self, offset: int) -> Lumps:
        """The list that a change at an offset belongs to: that of the body behind the end of the headers."""
        return self.body_lumps if 0 <= self.eoh < offset else self.lumps

    def update(self, text: str) -> None:
        """Become another text, as msg_apply_changes() does: pending changes and what hangs on URI and location end, the rest stays."""
        self.ruid = self.location_ua = self.instance = None
        self._read(text)

    def shadow(self) -> "Message":
        """A copy for a failure route or a branch: same text and state, own changes."""
        other = object.__new__(Message)
        for slot in Message.__slots__:
            setattr(other, slot, getattr(self, slot))
        other.lumps = self.lumps.copy()
        other.body_lumps = self.body_lumps.copy()
        other.reply_lumps = self.reply_lumps.copy()
        return other


_CHECKED = SINGLE | {"via", "retry-after"}
