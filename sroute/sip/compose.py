"""Messages made by us: a request from a few words, and replies to what was sent."""

from collections.abc import Sequence

from sroute.errors import UsageError
from sroute.sip.endpoint import Endpoint
from sroute.sip.headers import kind
from sroute.sip.message import Message

DEFAULT_RURI = "sip:bob@example.com"
DEFAULT_FROM = "sip:alice@example.com"
FAKED = (
    "OPTIONS sip:you@kamailio.org SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <sip:you@kamailio.org>;tag=123\r\n"
    "To: <sip:you@kamailio.org>\r\nCall-ID: 123\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)
"""The message that stands for none, in event routes that no message causes."""
FAKED_FROM = Endpoint("udp", "1.0.0.127", 5060)
"""Where it seems to come from: 127.0.0.1 with its bytes turned around. It was received on no socket."""
_WITH_CONTACT = frozenset({"INVITE", "REFER", "REGISTER", "SUBSCRIBE", "UPDATE"})
_SPACE = " \t\r\n"


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
    """A complete request from an address: what is not given is made up, and `headers` (`Name: value`) replace the made-up ones.

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
    if method in _WITH_CONTACT:
        lines["contact"] = f"Contact: <{src.uri}>"
    if body:
        lines["content-type"] = "Content-Type: application/sdp" if body.startswith("v=") else "Content-Type: text/plain"
    lines["content-length"] = f"Content-Length: {len(body)}"
    given = [_header(line) for line in headers]
    for key, _ in given:
        lines.pop(key, None)
    length = lines.pop("content-length", "")
    top = [lines.pop("via")] if "via" in lines else [line for key, line in given if key == "via"]
    rest = [line for key, line in given if key != "via"]
    ordered = [*top, *lines.values(), *rest, *([length] if length else [])]
    return f"{method} {target} SIP/2.0\r\n" + "".join(f"{line}\r\n" for line in ordered) + f"\r\n{body}"


def _header(line: str) -> tuple[str, str]:
    """The kind of a header line and the line itself, tidied."""
    name, colon, value = line.partition(":")
    clean = name.strip(_SPACE)
    if not colon or not clean:
        raise UsageError(f"not a header: {line!r} (like 'Subject: hello')")
    return kind(clean), f"{clean}: {value.strip(_SPACE)}"


def reply(sent: Message, code: int, reason: str, *, to_tag: str = "", headers: Sequence[str] = (), body: str = "") -> str:
    """A reply to a request that was sent: all Vias, From, To, Call-ID, CSeq and Record-Routes of it, then `headers` in their order.

    The tag is added to To where it has none. Content-Length is written unless it is among the headers.
    """
    lines = [f"SIP/2.0 {code} {reason}"]
    for wanted in ("via", "from", "to", "call-id", "cseq", "record-route"):
        for row in sent.rows:
            if row[0] == wanted:
                lines.append(sent.text[row[1] : row[3]])
        if wanted == "to" and to_tag and (sent.to is None or not sent.to.tag):
            lines[-1] += f";tag={to_tag}"
    lines += headers
    if not any(kind(line.partition(":")[0].strip(_SPACE)) == "content-length" for line in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines) + f"\r\n\r\n{body}"


def route_set(message: Message) -> str:
    """The Record-Route values of a message as the value of a Route header: reversed when it is a reply."""
    values = [value for row in message.rows if row[0] == "record-route" for value in split_list(message.text[row[2] : row[3]])]
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
            values.append(body[start:at].strip(_SPACE))
            start = at + 1
    values.append(body[start:].strip(_SPACE))
    return [value for value in values if value]


def _bracketed(text: str) -> str:
    return text if "<" in text else f"<{text}>"


def _tagged(text: str, tag: str) -> str:
    body = _bracketed(text)
    return body if ";tag=" in body.rpartition(">")[2] else f"{body};tag={tag}"
