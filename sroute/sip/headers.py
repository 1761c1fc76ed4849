"""Header lines: their names, compact forms and where one ends; what is in a body is said elsewhere."""

import re
from dataclasses import dataclass, field

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

KINDS = {name: name.lower() for name in KNOWN} | {name.lower(): name.lower() for name in KNOWN}
KINDS |= COMPACT | {short.upper(): kind for short, kind in COMPACT.items()}

NAME_CHARS = r"A-Za-z0-9\-._+~"
LINE = re.compile(
    rf"([{NAME_CHARS}]++)[ \t]*+:"  # name
    r"[ \t]*+(?:\r?\n[ \t]++)*+"  # space in front of the body, folds included
    r"([^\n]*+(?:\n[ \t][^\n]*+)*+)\n"  # body up to a line end that is no fold
)
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


@dataclass(slots=True)
class Header:
    """One header line: name as written, kind (see `kind`), body without line end, and offsets into the message."""

    name: str
    kind: str
    body: str
    start: int
    body_start: int
    end: int
    parsed: object = field(default=None, repr=False, compare=False)

    @property
    def body_end(self) -> int:
        """The offset behind the body."""
        return self.body_start + len(self.body)
