"""The messages of a flow's steps, put together from what the proxy has sent so far."""

import re
from collections.abc import Sequence

from tests.flows.script import Flow, FlowError, Step

_PLACE = re.compile(r"@(branch|to_tag|from_tag|record_route|contact|call_id)\((\d+)\)")
_TAG = re.compile(r";\s*tag=([^\s;,>]+)")
_BRANCH = re.compile(r";\s*branch=([^\s;,]+)")
LONG = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}


def headers_of(message: str) -> list[tuple[str, str]]:
    """Name and value of each header line; a continuation line belongs to its header."""
    head = message.partition("\r\n\r\n")[0]
    lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")[1:]
    return [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def values(message: str, name: str) -> list[str]:
    """The values of all headers of that name."""
    return [value for key, value in headers_of(message) if LONG.get(key.lower(), key.lower()) == name.lower()]


def compose(flow: Flow, step: Step, sent: Sequence[str]) -> str:
    """The message of a step as text; sent are the proxy's messages so far, in order."""
    lines = [_fill(line, sent) for line in step.headers]
    body = _fill(step.body, sent)
    if step.code:
        return _reply(step, lines, body, sent)
    if not step.method:
        return "\r\n".join(lines) + "\r\n\r\n" + body
    return _request(flow, step, lines, body, sent)


def _numbered(sent: Sequence[str], number: int) -> str:
    if not 1 <= number <= len(sent):
        raise FlowError(f"message {number} has not been sent ({len(sent)} so far)")
    return sent[number - 1]


def _fill(text: str, sent: Sequence[str]) -> str:
    return _PLACE.sub(lambda place: _part(_numbered(sent, int(place[2])), place[1]), text)


def _part(message: str, part: str) -> str:
    if part == "record_route":
        routes = values(message, "record-route")
        parts = [one for line in routes for one in line.split(", ")]
        return ", ".join(reversed(parts) if message.startswith("SIP/2.0 ") else parts)
    if part == "contact":
        return "".join(values(message, "contact")[:1]).strip("<>")
    if part == "call_id":
        return values(message, "call-id")[0]
    pattern, name = {"branch": (_BRANCH, "via"), "to_tag": (_TAG, "to"), "from_tag": (_TAG, "from")}[part]
    found = pattern.search(values(message, name)[0])
    if found is None:
        raise FlowError(f"that message has no {part}")
    return found[1]


def _reply(step: Step, lines: list[str], body: str, sent: Sequence[str]) -> str:
    request = _numbered(sent, step.to)
    if request.startswith("SIP/2.0 "):
        raise FlowError(f"message {step.to} is a reply")
    tag = step.options.get("to-tag", f"t{step.to}" if step.code > 100 else "")
    head = [f"SIP/2.0 {step.code} {step.reason}", *(f"Via: {value}" for value in values(request, "via"))]
    to = values(request, "to")[0]
    head.append(f"From: {values(request, 'from')[0]}")
    head.append(f"To: {to}" + (f";tag={tag}" if tag and not _TAG.search(to) else ""))
    head += [f"Call-ID: {values(request, 'call-id')[0]}", f"CSeq: {values(request, 'cseq')[0]}"]
    head += [f"Record-Route: {value}" for value in values(request, "record-route")]
    return _finish(head, lines, body)


def _request(flow: Flow, step: Step, lines: list[str], body: str, sent: Sequence[str]) -> str:
    party, options = flow.parties[step.party], step.options
    call = options.get("call", flow.name)
    cseq = options.get("cseq", "1")
    kind = "INVITE" if step.method in ("ACK", "CANCEL") else step.method
    branch = _fill(options.get("branch", f"{party.name}-{call}-{cseq}-{kind}"), sent)
    from_tag = _fill(options.get("from-tag", f"{party.name}-{call}"), sent)
    to_tag = _fill(options.get("to-tag", ""), sent)
    head = [
        f"{step.method} {_fill(step.uri, sent)} SIP/2.0",
        f"Via: SIP/2.0/UDP {party.address};branch={branch if branch.startswith('z9hG4bK') else 'z9hG4bK-' + branch}",
        f"From: <{options.get('from', f'sip:{party.name}@example.com')}>" + (f";tag={from_tag}" if from_tag else ""),
        f"To: <{options.get('to-uri', 'sip:callee@example.com')}>" + (f";tag={to_tag}" if to_tag else ""),
        f"Call-ID: {call}@flows",
        f"CSeq: {cseq} {step.method}",
        "Max-Forwards: 70",
    ]
    if step.method in ("INVITE", "SUBSCRIBE", "REGISTER"):
        head.append(f"Contact: <sip:{party.name}@{party.address}>")
    return _finish(head, lines, body)


def _finish(head: list[str], lines: list[str], body: str) -> str:
    """Given header lines replace the composed ones of their name in place (`-Name` removes), others follow; Content-Length comes last."""
    composed: list[str | None] = list(head)
    added: list[str] = []
    for line in lines:
        name = _name(line.removeprefix("-"))
        same = [n for n, have in enumerate(composed) if n and have is not None and _name(have) == name]
        if line.startswith("-"):
            composed = [None if n in same else have for n, have in enumerate(composed)]
        elif same and name != "via":
            composed[same[0]] = line
        elif same:
            composed.insert(same[-1] + 1, line)
        else:
            added.append(line)
    out = [line for line in composed if line is not None] + added
    if not any(_name(line) == "content-length" for line in out):
        out.append(f"Content-Length: {len(body)}")
    return "\r\n".join(out) + "\r\n\r\n" + body


def _name(line: str) -> str:
    return line.partition(":")[0].strip().lower()
