"""Header lines: their names, compact forms and where one ends; what is in a body is said elsewhere."""

import re
from dataclasses import dataclass

KNOWN = (
    "Via", "From", "To", "Call-ID", "CSeq", "Contact", "Max-Forwards", "Route", "Record-Route", "Content-Type", "Content-Length",
    "Authorization", "Expires", "Min-Expires", "Proxy-Authorization", "Proxy-Require", "Supported", "Require", "Unsupported", "Allow",
    "Event", "Accept", "Accept-Language", "Organization", "Priority", "Subject", "User-Agent", "Server", "Content-Disposition",
    "Diversion", "Remote-Party-ID", "Refer-To", "Session-Expires", "Min-SE", "SIP-If-Match", "Subscription-State", "Date", "Identity",
    "Identity-Info", "Path", "Privacy", "P-Asserted-Identity", "P-Preferred-Identity", "Reason", "Accept-Contact", "Allow-Events",
    "Content-Encoding", "Referred-By", "Reject-Contact", "Request-Disposition", "WWW-Authenticate", "Proxy-Authenticate",
    "Retry-After", "Call-Info",
)  # fmt: skip
COMPACT = {
    "a": "accept-contact", "b": "referred-by", "c": "content-type", "d": "request-disposition", "e": "content-encoding",
    "f": "from", "i": "call-id", "j": "reject-contact", "k": "supported", "l": "content-length", "m": "contact", "o": "event",
    "r": "refer-to", "s": "subject", "t": "to", "u": "allow-events", "v": "via", "x": "session-expires", "y": "identity",
}  # fmt: skip
SINGLE = frozenset({"from", "to", "call-id", "cseq", "content-length", "max-forwards"})
"""Headers that may stand once only: 5.6.3 stops parsing at the second one ("duplicate To header field")."""

_CR_ENDS = frozenset({"via", "to"})
"""Headers whose parsers take a lone CR for a line end, too."""
_CR_LINE = re.compile(r"[^\r\n]*+(?:(?:\r\n?|\n)[ \t][^\r\n]*+)*+(?:\r\n?|\n)")
_STRICT = frozenset({"cseq", "content-length"})
"""Headers that must end in one clean line end."""

KINDS = {name: name.lower() for name in KNOWN} | {name.lower(): name.lower() for name in KNOWN}
KINDS |= COMPACT | {short.upper(): kind for short, kind in COMPACT.items()}

NAME_CHARS = r"A-Za-z0-9\-._+~"
LINE = re.compile(
    rf"([{NAME_CHARS}]++)[ \t]*+:"  # name
    r"[ \t]*+(?:\r?\n[ \t]++)*+"  # space in front of the body, folds included
    r"([^\n]*+(?:\n[ \t][^\n]*+)*+)\n"  # body up to a line end that is no fold
)
_NAME = re.compile(rf"[{NAME_CHARS}]+\Z")
_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")


def kind(name: str) -> str:
    """The lower-case long form of a header name: `i`, `Call-ID` and `CALL-ID` give `call-id`; unknown names are just lowered."""
    known = KINDS.get(name)
    if known is not None:
        return known
    lowered = name.lower()
    return COMPACT.get(lowered, lowered)


def unfold(body: str) -> str:
    """The body on one line: each fold becomes one blank."""
    return _FOLD.sub(" ", body) if "\n" in body else body


Row = tuple[str, int, int, int, int]
"""A header line in short: kind, and the offsets of the name, of the body, of the body's end and behind the line end."""


def rows(text: str, at: int) -> tuple[list[Row], int, bool]:
    """The header lines from an offset on, the offset of the empty line (-1 without one), and whether a bad line ended them."""
    stop = text.find("\r\n\r\n", at - 2)
    if stop >= at:
        head = text[at:stop]
        lines = head.split("\r\n")
        plain = "\n " not in head and "\n\t" not in head and "\0" not in head
        if plain and head.count("\n") == len(lines) - 1 == head.count("\r"):
            found = _plain_rows(lines, at)
            if found is not None:
                return found, stop + 2, False
    return _odd_rows(text, at)


def _plain_rows(lines: list[str], at: int) -> list[Row] | None:
    """The fast way for lines that end in CRLF and are not folded; None when one is bad."""
    found: list[Row] = []
    for line in lines:
        name, colon, body = line.partition(":")
        known = KINDS.get(name)
        if known is None:
            bare = name.rstrip(" \t")
            if not _NAME.match(bare):
                return None
            known = kind(bare)
        if not colon:
            return None
        end = at + len(line)
        found.append((known, at, end - len(body.lstrip(" \t")), end, end + 2))
        at = end + 2
    return found


def _odd_rows(text: str, at: int) -> tuple[list[Row], int, bool]:
    found: list[Row] = []
    match, size = LINE.match, len(text)
    while at < size:
        if text[at] in "\r\n":
            return found, at, False
        line = match(text, at)
        if line is None:
            return found, -1, True
        begin = line.start(2)
        end = begin + len(line[2].rstrip("\r\n\0"))
        known, after = kind(line[1]), line.end()
        if known in _CR_ENDS and "\r" in line[2]:
            cut = _CR_LINE.match(text, begin)
            if cut is not None:
                after, end = cut.end(), begin + len(cut[0].rstrip("\r\n"))
        if known in _STRICT and text[end:after] not in ("\r\n", "\n"):
            return found, -1, True
        found.append((known, at, begin, end, after))
        at = after
    return found, -1, False


@dataclass(slots=True)
class Header:
    """One header line: name as written, kind (see `kind`), body without line end, and offsets into the message."""

    name: str
    kind: str
    body: str
    start: int
    body_start: int
    end: int

    @property
    def body_end(self) -> int:
        """The offset behind the body."""
        return self.body_start + len(self.body)


def header(text: str, row: Row) -> Header:
    """The header that a row stands for."""
    known, start, begin, end, after = row
    name = text[start : text.index(":", start)].rstrip(" \t")
    return Header(name, known, text[begin:end], start, begin, after)
