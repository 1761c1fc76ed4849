"""What a script sent, as the text of a `.sent` file: comparable from run to run.

What a Kamailio makes up (branches, To tags, nonces, Call-IDs, dates, its own name) becomes a numbered placeholder, so that equal
values stay visibly equal; everything else is exact to the byte.
"""

import re
from collections.abc import Iterable
from functools import partial

from sroute.sip.messagefile import Sent
from sroute.testing.notation import escape

# Group 1 stays; group 2 is the value that a placeholder stands for.
_MADE_UP = (
    ("branch", re.compile(r"^((?:Via|v)[ \t]*:.*?;[ \t]*branch=)([^;,\s]+)", re.M | re.I)),
    ("tag", re.compile(r"^((?:From|To|f|t)[ \t]*:.*;[ \t]*tag=)([^;,\s]+)", re.M | re.I)),
    ("callid", re.compile(r"^((?:Call-ID|i)[ \t]*:[ \t]*)(\S+)", re.M | re.I)),
    ("nonce", re.compile(r'^((?:WWW|Proxy)-Authenticate[ \t]*:.*\bnonce=")([^"]*)', re.M | re.I)),
    ("opaque", re.compile(r'^((?:WWW|Proxy)-Authenticate[ \t]*:.*\bopaque=")([^"]*)', re.M | re.I)),
    ("date", re.compile(r"^(Date[ \t]*:[ \t]*)([^\r\n]+)", re.M | re.I)),
    ("server", re.compile(r"^((?:Server|User-Agent)[ \t]*:[ \t]*)(kamailio \([^\r\n]*)", re.M | re.I)),
    ("did", re.compile(r"^(Record-Route[ \t]*:.*?;[ \t]*did=)([^;>\s]+)", re.M | re.I)),
    ("pid", re.compile(r"^(Warning[ \t]*:.*\bpid=)(\d+)", re.M | re.I)),
)


class Placeholders:
    """Names for what is made up during one run; `given` are the texts that came in from outside, whose values stay as they are."""

    def __init__(self, given: Iterable[str]) -> None:
        self._given = {match[2] for text in given for _, pattern in _MADE_UP for match in pattern.finditer(text)}
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def apply(self, message: str) -> str:
        """The message with placeholders in its header fields."""
        head, empty, body = message.partition("\r\n\r\n")
        for kind, pattern in _MADE_UP:
            head = pattern.sub(partial(self._named, kind), head)
        return head + empty + body

    def _named(self, kind: str, match: re.Match[str]) -> str:
        value: str = match[2]
        if value in self._given:
            return match[0]
        if (kind, value) not in self._names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[kind, value] = f"@{kind}{self._counts[kind]}@"
        return match[1] + self._names[kind, value]


def render(messages: Iterable[Sent], given: Iterable[str]) -> str:
    """The text of a sidecar; empty when nothing was sent.

    A line of the file is a line of the message that ends with CRLF; a backslash at its end says that the message ends (or goes on)
    without one. Other bytes than printable ASCII, and bare line feeds, are escaped as in comments.
    """
    names = Placeholders(given)
    blocks = [f">>> {number} {sent.src} -> {sent.dst}\n{_lines(names.apply(sent.text))}" for number, sent in enumerate(messages, start=1)]
    return "".join(blocks)


def _lines(message: str) -> str:
    *whole, last = message.split("\r\n")
    shown = [_exact(line) for line in whole]
    if last:
        shown.append(_exact(last) + "\\")
    return "".join(line + "\n" for line in shown)


def _exact(line: str) -> str:
    shown = escape(line)
    # Only a line of a message can look like the line that introduces one.
    return "\\x3e" + shown[1:] if shown.startswith(">>> ") else shown
