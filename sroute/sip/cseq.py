"""The body of CSeq: a number, kept as text, and a method."""

import re
from typing import NamedTuple

_CSEQ = re.compile(r"([^ \t\r\n]*+)[ \t]++([^ \t\r\n]++)(?:[ \t]|\r?\n[ \t])*+\Z")


class CSeq(NamedTuple):
    """Number (as written; Kamailio takes any token) and method."""

    number: str
    method: str


def parse(body: str) -> CSeq | None:
    """A CSeq body, or None when Kamailio's parser refuses it."""
    number, _, method = body.partition(" ")
    if method.isalpha() and number.isalnum():
        return CSeq(number, method)
    match = _CSEQ.match(body)
    return CSeq(match[1], match[2]) if match else None
