"""Message files as the judge sends them: several messages in a file, either line end, replies to what was sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sroute.testing.sidecar import Sent

_FIRST = re.compile(r"(?:[A-Za-z0-9.!%*_+`'~-]+ \S+ SIP/2\.0|SIP/2\.0 \d{3}.*|@from \S+|@reply \d+ \d{3}.*)\r?\n?")
_LENGTH = re.compile(r"^(?:Content-Length|l)[ \t]*:[ \t]*(\d+)", re.M | re.I)
_PART = re.compile(r"@(branch|to_tag|from_tag|record_route)\((\d+)\)")


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a file: where it comes from (None: the usual place) and its text as written, with CRLF."""

    source: str | None
    text: str


def read(text: str) -> list[Message]:
    """The messages of a file, in order. With LF line ends each becomes CRLF; a missing empty line is added."""
    if "\r\n" not in text:
        text = text.replace("\n", "\r\n")
    found: list[Message] = []
    while text.strip():
        source = None
        if text.startswith("@from "):
            line, _, text = text.partition("\r\n")
            source = line.split()[1]
        end = _end(text)
        found.append(Message(source, _whole(text[:end])))
        text = text[end:]
    return found


def _end(text: str) -> int:
    """Where the first message of a text ends: where its Content-Length says, else before the next first line behind an empty one."""
    empty = text.find("\r\n\r\n")
    if empty < 0:
        return len(text)
    body = empty + 4
    length = _LENGTH.search(text, 0, body)
    at = body + int(length[1]) if length else body
    while (gap := text.find("\r\n", at)) >= 0 or at == body:
        if _FIRST.match(text, at):
            return at
        if gap < 0:
            break
        at = gap + 2
    return len(text)


def _whole(text: str) -> str:
    return text if "\r\n\r\n" in text else text.removesuffix("\r\n") + "\r\n\r\n"


def fill(text: str, sent: Sequence[Sent]) -> str:
    """A message with the parts of sent messages that it names, such as `@branch(1)`."""
    return _PART.sub(lambda match: _part(match[1], sent[int(match[2]) - 1].message), text)


def _part(name: str, message: str) -> str:
    if name == "branch":
        return _first(r"^Via:.*?;branch=([^;,\s]+)", message)
    if name == "record_route":
        routes = re.findall(r"^Record-Route:[ \t]*(.*?)\r?$", message, re.M | re.I)
        return ", ".join(reversed(routes) if message.startswith("SIP/2.0") else routes)
    field = "To" if name == "to_tag" else "From"
    return _first(rf"^{field}:.*;tag=([^;,\s]+)", message)


def _first(pattern: str, message: str) -> str:
    match = re.search(pattern, message, re.M | re.I)
    assert match is not None, f"no {pattern} in {message!r}"
    return match[1]


def is_reply(text: str) -> bool:
    """Whether a message of a file is written as a reply to a sent one."""
    return text.startswith("@reply ")


def reply(text: str, sent: Sequence[Sent]) -> tuple[str, Sent]:
    """The reply that `@reply N CODE REASON` and the lines below it stand for, and the request that it answers."""
    head, _, body = text.partition("\r\n\r\n")
    first, *extra = head.split("\r\n")
    _, number, code, *reason = first.split(" ", 3)
    request = sent[int(number) - 1]
    tag = f"t{number}" if int(code) > 100 else ""
    tags = [line.split(":", 1)[1].strip() for line in extra if line.lower().startswith("to-tag:")]
    lines = [_tagged(line, tags[0] if tags else tag) for line in _copied(request.message)]
    lines += [line for line in extra if not line.lower().startswith("to-tag:")]
    head = "\r\n".join([f"SIP/2.0 {code} {''.join(reason)}", *lines, f"Content-Length: {len(body)}"])
    return head + "\r\n\r\n" + body, request


def _copied(request: str) -> list[str]:
    head = request.partition("\r\n\r\n")[0]
    fields = [line for line in head.split("\r\n")[1:] if line]
    return [line for line in fields if re.match(r"(?:Via|v|From|f|To|t|Call-ID|i|CSeq|Record-Route)[ \t]*:", line, re.I)]


def _tagged(line: str, tag: str) -> str:
    to = re.match(r"(?:To|t)[ \t]*:", line, re.I)
    return f"{line};tag={tag}" if to and tag and ";tag=" not in line else line
