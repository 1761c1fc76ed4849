"""Messages made by us: a request from a few words, and replies to what was sent."""

from collections.abc import Sequence

from sroute.errors import UsageError
from sroute.sip.endpoint import Endpoint
from sroute.sip.headers import kind
from sroute.sip.message import Message

DEFAULT_RURI = "sip:bob@example.com"
DEFAULT_FROM = "sip:alice@example.com"


def request(
    src: Endpoint,
    *,
    method: str = "OPTIONS",
    ruri: str = "",
    from_: str = "",
    to: str = "",
    headers: Sequence[str] = (),
    body: str = "",
    serial: int = 1,
) -> str:
    """A complete request from an address: what is not given is made up, `headers` (`Name: value`) replace the made-up ones.

    `from_` and `to` are URIs or whole header bodies. `serial` makes branch, tag and Call-ID of several requests differ.
    """
    target = ruri or DEFAULT_RURI
    lines = {
        "via": f"Via: SIP/2.0/{src.proto.upper()} {src.host}:{src.port};branch=z9hG4bKsroute{serial};rport",
        "from": f"From: {_tagged(from_ or DEFAULT_FROM, f'from{serial}')}",
        "to": f"To: {_bracketed(to or target.partition('?')[0])}",
        "call-id": f"Call-ID: call{serial}@{src.host}",
        "cseq": f"CSeq: {serial} {method}",
        "max-forwards": "Max-Forwards: 70",
    }
    if method in ("INVITE", "REGISTER", "SUBSCRIBE", "REFER", "UPDATE"):
        lines["contact"] = f"Contact: <sip:{src.host}:{src.port}>"
    if body:
        lines["content-type"] = "Content-Type: application/sdp" if body.startswith("v=") else "Content-Type: text/plain"
    lines["content-length"] = f"Content-Length: {len(body)}"
    extra: list[str] = []
    for line in headers:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise UsageError(f"not a header: {line!r} (like 'Subject: hello')")
        key = kind(name.strip())
        clean = f"{name.strip()}: {value.strip()}"
        if lines.pop(key, None) is not None and key == "via":
            extra.insert(0, clean)
        else:
            extra.append(clean)
    length = lines.pop("content-length", None)
    ordered = [*lines.values(), *extra, *([length] if length else [])]
    if "via" not in lines:
        ordered = [*(e for e in extra if kind(e.partition(":")[0]) == "via"), *(o for o in ordered if kind(o.partition(":")[0]) != "via")]
    return f"{method} {target} SIP/2.0\r\n" + "".join(f"{line}\r\n" for line in ordered) + f"\r\n{body}"


def reply(sent: Message, code: int, reason: str, *, to_tag: str = "", headers: Sequence[str] = (), body: str = "") -> str:
    """A reply to a request that was sent: Via, From, To, Call-ID, CSeq and Record-Route are taken from it.

    The To tag is added above 100 and where To has none; `headers` follow, then Content-Length and the body.
    """
    lines = [f"{sent.version} {code} {reason}"]
    for header in sent.headers:
        if header.kind not in ("via", "from", "to", "call-id", "cseq", "record-route"):
            continue
        line = sent.text[header.start : header.body_end]
        if header.kind == "to" and code > 100 and to_tag and (sent.to is None or not sent.to.tag):
            line += f";tag={to_tag}"
        lines.append(line)
    lines += headers
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines) + f"\r\n\r\n{body}"


def route_set(message: Message) -> str:
    """The Record-Route values of a message as the value of a Route header: reversed when it is a reply."""
    values = [value for header in message.all("record-route") for value in split_list(header.body)]
    return ", ".join(values if message.is_request else values[::-1])


def split_list(body: str) -> list[str]:
    """The values of a header body that is a list: cut at commas outside quotes and angle brackets."""
    values, start, quoted, angle, skip = [], 0, False, False, False
    for at, char in enumerate(body):
        if skip:
            skip = False
        elif char == "\\" and quoted:
            skip = True
        elif char == '"' and not angle:
            quoted = not quoted
        elif quoted:
            continue
        elif char == "<":
            angle = True
        elif char == ">":
            angle = False
        elif char == "," and not angle:
            values.append(body[start:at].strip())
            start = at + 1
    values.append(body[start:].strip())
    return [value for value in values if value]


def _bracketed(text: str) -> str:
    return text if "<" in text else f"<{text}>"


def _tagged(text: str, tag: str) -> str:
    body = _bracketed(text)
    return body if ";tag=" in body.rpartition(">")[2] else f"{body};tag={tag}"
