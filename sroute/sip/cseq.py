"""The body of CSeq: a number, kept as text, and a method."""

import re
from dataclasses import dataclass

_CSEQ = re.compile(r"([^ \t\r\n\0]++)[ \t]++([^ \t\r\n\0]++)(?:[ \t]|\r?\n[ \t])*+\Z")


@dataclass(frozen=True, slots=True)
class CSeq:
    """Number (as written; Kamailio takes any token) and method."""

    number: str
    method: str


def parse(body: str) -> CSeq | None:
    """A CSeq body, or None when Kamailio's parser refuses it."""
    match = _CSEQ.match(body)
    return CSeq(*match.groups()) if match else None
