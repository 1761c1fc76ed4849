"""Files with SIP messages: one or several, and lines that direct them (`@from`, `@reply`, `@branch(1)`).

The bytes of a message are sent as they stand, bare LF line ends included: a real Kamailio given the file sees the same. How a
file with several messages is cut:

- A message begins with a request or status line, at the start of the file or behind an empty line. Lines `@from ADDRESS` may
  stand in front of it; `@reply N CODE REASON` in place of the first line makes it a reply to the N-th sent message.
- Its headers end at the first empty line. With Content-Length the body is that long, if a new message (or nothing) follows there;
  else, and without Content-Length, it goes on to the next message.
- Empty lines between two messages belong to none. The last message has all the rest of the file.

`@authorization(N, USER, PASSWORD)` stands for the Digest credentials that answer the challenge in the N-th sent message, for the method
and the URI of the message that it stands in; a fourth argument is the nonce count, where the challenge offers a qop (else 1).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sroute.errors import MessageError, UsageError
from sroute.sip import compose, digest
from sroute.sip.digest import Proof
from sroute.sip.endpoint import LOCAL, PEER, Endpoint
from sroute.sip.message import Message

_BEGIN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]++ [^\s]++ SIP/2\.0|SIP/2\.0 \d{3} |@from[ \t]|@reply[ \t]", re.A)
_GAP = re.compile(r"[\r\n]*+")
_FROM = re.compile(r"@from[ \t]+([^\s]+)[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.A)
_REPLY = re.compile(r"@reply[ \t]+(\d{1,6})[ \t]+(\d{3})(?:[ \t]+([^\r\n]*))?(?:\r?\n|\Z)", re.A)
_EMPTY_LINE = re.compile(r"^\r?\n", re.M)
_LINE_END = re.compile(r"\r?\n")
_CONTENT_LENGTH = re.compile(r"^(?:Content-Length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$", re.A | re.I | re.M)
_PLACEHOLDER = re.compile(r"@(branch|to_tag|from_tag|record_route)\((\d{1,6})\)", re.A)
_AUTHORIZATION = re.compile(r"@authorization\((\d{1,6}),([^,()\r\n]*),([^,()\r\n]*)(?:,[ \t]*(\d{1,9})[ \t]*)?\)", re.A)
_CNONCE = "sroute"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that left: its text and the two ends."""

    text: str
    src: Endpoint
    dst: Endpoint


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """`@reply N CODE REASON`: which sent message is answered, and how."""

    number: int
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a file: where it stands, what directs it and its text (behind the `@` lines)."""

    file: str
    line: int
    text: str
    src: Endpoint | None = None
    reply: ReplyTo | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message ready to be received."""

    text: str
    src: Endpoint
    dst: Endpoint


def read(text: str, file: str = "-") -> list[Entry]:
    """The messages of a file, given as latin-1 text; errors name file and line."""
    entries: list[Entry] = []
    at, line = 0, 1
    while at < len(text) or not entries:
        entry, following = _entry(text, at, file, line, last_cut=bool(entries))
        entries.append(entry)
        line += text.count("\n", at, following)
        at = following
    return entries


def render(entry: Entry, sent: Sequence[Sent], src: Endpoint = PEER, dst: Endpoint = LOCAL) -> Incoming:
    """The message that an entry stands for, after so many have been sent; `src` and `dst` where nothing says otherwise."""
    if entry.reply is not None:
        return _reply(entry, entry.reply, sent)
    text = _PLACEHOLDER.sub(lambda found: _part(entry, found[1], int(found[2]), sent), entry.text)
    text = _AUTHORIZATION.sub(lambda found: _authorization(entry, text, found, sent), text)
    return Incoming(text, entry.src or src, dst)


def _entry(text: str, at: int, file: str, line: int, *, last_cut: bool) -> tuple[Entry, int]:
    src: Endpoint | None = None
    start = at
    while found := _FROM.match(text, start):
        try:
            src = Endpoint.parse(found[1])
        except UsageError as error:
            raise UsageError(f"{file}:{line + text.count(chr(10), at, start)}: {error}") from None
        start = found.end()
    line += text.count("\n", at, start)
    if not text.startswith("@reply", start):
        end, following = _extent(text, start, _gap_end(text, start), last_cut=last_cut)
        return Entry(file, line, text[start:end], src), following
    directed = _REPLY.match(text, start)
    if directed is None:
        raise UsageError(f"{file}:{line}: not a reply line (like '@reply 1 200 OK')")
    reply = ReplyTo(int(directed[1]), int(directed[2]), (directed[3] or "").rstrip(" \t"))
    end, following = _extent(text, directed.end(), directed.end(), last_cut=True)
    return Entry(file, line, text[directed.end() : end], src, reply), following


def _extent(text: str, start: int, first: int, *, last_cut: bool) -> tuple[int, int]:
    """Where the message between an offset and its first line ends, and where the next one begins."""
    empty = _EMPTY_LINE.search(text, first)
    if empty is None:
        return len(text), len(text)
    body = empty.end()
    length = _CONTENT_LENGTH.search(text, start, body)
    if length is not None:
        end = body + int(length[1])
        following = _gap_end(text, end)
        if end <= len(text) and (_BEGIN.match(text, following) or (last_cut and following == len(text))):
            return end, following
    return _to_next(text, body)


def _gap_end(text: str, at: int) -> int:
    """The offset behind the line ends at an offset."""
    gap = _GAP.match(text, at)
    return gap.end() if gap is not None else at


def _to_next(text: str, body: int) -> tuple[int, int]:
    """Where a body without a usable Content-Length ends: in front of the empty lines that the next message follows."""
    end = at = body
    while True:
        following = _gap_end(text, at)
        if _BEGIN.match(text, following):
            return end, following
        empty = _EMPTY_LINE.search(text, following)
        if empty is None:
            return len(text), len(text)
        end, at = empty.start(), empty.end()


def _reply(entry: Entry, to: ReplyTo, sent: Sequence[Sent]) -> Incoming:
    answered = _numbered(entry, to.number, sent)
    request = _parsed(entry, to.number, answered)
    if not request.is_request:
        raise UsageError(f"{entry.file}:{entry.line}: sent message {to.number} is a reply and can't be answered")
    empty = _EMPTY_LINE.search(entry.text)
    head = entry.text[: empty.start()] if empty else entry.text
    body = entry.text[empty.end() :] if empty else ""
    tag, headers = f"t{to.number}" if to.code > 100 else "", []
    for line in _LINE_END.split(head):
        name, _, value = line.partition(":")
        if name.strip(" \t").lower() == "to-tag":
            tag = value.strip(" \t")
        elif line:
            headers.append(line)
    text = compose.reply(request, to.code, to.reason, to_tag=tag, headers=headers, body=body)
    return Incoming(text, entry.src or answered.dst, answered.src)


def _numbered(entry: Entry, number: int, sent: Sequence[Sent]) -> Sent:
    if not 1 <= number <= len(sent):
        raise UsageError(f"{entry.file}:{entry.line}: message {number} has not been sent yet ({len(sent)} so far)")
    return sent[number - 1]


def _parsed(entry: Entry, number: int, sent: Sent) -> Message:
    try:
        return Message(sent.text, sent.src, sent.dst)
    except MessageError as error:
        raise UsageError(f"{entry.file}:{entry.line}: sent message {number} can't be read: {error}") from None


def _authorization(entry: Entry, text: str, found: re.Match[str], sent: Sequence[Sent]) -> str:
    """The credentials for a challenge that was sent, made for the message that is about to enter."""
    number = int(found[1])
    message = _parsed(entry, number, _numbered(entry, number, sent))
    body = message.value("www-authenticate") or message.value("proxy-authenticate")
    asked = digest.challenge(body) if body is not None else None
    if asked is None or not digest.known(asked.algorithm):
        raise UsageError(f"{entry.file}:{entry.line}: sent message {number} has no challenge that can be answered")
    line = _LINE_END.split(text.lstrip("\r\n"), 1)[0].split(" ")
    qop = next((name for name in ("auth", "auth-int") if asked.qop_offered(name)), "")
    empty = _EMPTY_LINE.search(text)
    proof = Proof(
        "", line[0], line[1] if len(line) > 1 else "", "", qop, f"{int(found[4] or 1):08x}", _CNONCE, text[empty.end() :] if empty else ""
    )
    return digest.answer(asked, found[2].strip(" \t"), found[3].strip(" \t"), proof)


def _part(entry: Entry, what: str, number: int, sent: Sequence[Sent]) -> str:
    message = _parsed(entry, number, _numbered(entry, number, sent))
    match what:
        case "branch":
            branch = message.vias[0].branch
            found = branch.value if branch is not None else None
        case "to_tag":
            found = message.to.tag if message.to is not None else None
        case "from_tag":
            found = message.from_.tag if message.from_ is not None else None
        case _:
            found = compose.route_set(message)
    if not found:
        raise UsageError(f"{entry.file}:{entry.line}: sent message {number} has no {what.replace('_', ' ')}")
    return found
