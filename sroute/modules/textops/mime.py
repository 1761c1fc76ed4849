"""Content types as Kamailio tells them apart: it knows a few by name, all others are one and the same."""

import re
from typing import NamedTuple

_TYPES = frozenset({"text", "message", "application", "multipart"})
_SUBTYPES = frozenset(
    {"plain", "pidf+xml", "sdp", "cpim", "cpim-pidf+xml", "cpl+xml", "rlmi+xml", "related", "lpidf+xml", "watcherinfo+xml"}
    | {"xpidf+xml", "xml+msrtc.pidf", "external-body", "mixed", "isup"}
)
_WORD = r"[A-Za-z0-9\-+._!%*'`~]+"
_BLANK = r"(?:[ \t]|\n[ \t])*"
_PART = rf"(\*|(?!\*){_WORD})"
_FORM = re.compile(rf"{_BLANK}{_PART}{_BLANK}/{_BLANK}{_PART}{_BLANK}(?:;[^,]*)?\Z", re.A)
ANY = "*"
UNKNOWN = ""


class BadMime(Exception):
    """A text that is no content type."""


class Mime(NamedTuple):
    """A type and subtype in lower case; `""` stands for all that Kamailio does not know."""

    type: str
    subtype: str


SDP = Mime("application", "sdp")


def parse(text: str) -> Mime:
    """The content type in a text; parameters are left out.

    Raises BadMime.
    """
    found = _FORM.match(text)
    if found is None:
        raise BadMime(text)
    made = Mime(_known(found[1], _TYPES), _known(found[2], _SUBTYPES))
    if made.type == ANY and made.subtype != ANY:
        raise BadMime(text)
    return made


def _known(word: str, words: frozenset[str]) -> str:
    lowered = word.lower()
    return lowered if lowered in words or lowered == ANY else UNKNOWN


def of_header(body: str) -> Mime:
    """The content type in a Content-Type body, which may not have a wildcard.

    Raises BadMime.
    """
    made = parse(body)
    if ANY in made:
        raise BadMime(body)
    return made
