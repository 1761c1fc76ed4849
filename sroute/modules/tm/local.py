"""The requests that tm makes of the INVITE it has sent: ACK to a negative reply, CANCEL."""

import re

from sroute.modules.tm.binding import Tm
from sroute.modules.tm.transaction import Branch, Transaction
from sroute.sip import contact, route
from sroute.sip.headers import KINDS, kind
from sroute.sip.message import Message
from sroute.sip.route import Route

_LINE = re.compile(r"([^\s:]+)[ \t]*:(?:[^\r\n]|\r?\n[ \t])*\r?\n")
_METHOD = re.compile(r"[^\s:]+(?=\s*\Z)")
_COPIED = frozenset({"from", "call-id", "route", "max-forwards"})


def ack(tm: Tm, t: Transaction, branch: Branch, answer: Message) -> str:
    """The ACK to a negative reply; its To is that of the reply."""
    return _local(tm, t, branch, "ACK", _to_line(answer), "")


def cancel(tm: Tm, t: Transaction, branch: Branch, reason: str) -> str:
    """The CANCEL of a branch; reason is a whole header line, or empty."""
    return _local(tm, t, branch, "CANCEL", _to_line(t.request), reason)


def _local(tm: Tm, t: Transaction, branch: Branch, method: str, to: str, reason: str) -> str:
    if tm.reparse_invite:
        return _rebuild(branch.request.text, method, to, reason, tm.ac_extra_hdrs)
    return _compose(tm, t, branch, method, to, reason)


def _compose(tm: Tm, t: Transaction, branch: Branch, method: str, to: str, reason: str) -> str:
    """A request from the headers of the received one (reparse_invite 0)."""
    sent = _LINE.match(branch.request.text, branch.request.text.find("\n") + 1)
    source, number = t.request, t.request.cseq.number if t.request.cseq is not None else ""
    lines = {kind: source.text[row[1] : row[4]] for kind in ("from", "call-id") if (row := source.row(kind)) is not None}
    extra = tm.ac_extra_hdrs
    more = [row for row in source.rows if row[0] == "route" or (extra and source.text.startswith(extra, row[1]))]
    agent = tm.agent_line()
    return (
        f"{method} {branch.uri} SIP/2.0\r\n{sent[0] if sent is not None else ''}{lines['from']}{lines['call-id']}{to}"
        f"CSeq: {number} {method}\r\n{''.join(source.text[row[1] : row[4]] for row in more)}Max-Forwards: 70\r\n"
        + (f"{agent}\r\n" if agent else "")
        + f"Content-Length: 0\r\n{reason}\r\n"
    )


def dialog_target(answer: Message) -> tuple[str, list[Route]]:
    """Where requests in the dialog go that a 2xx has made: the R-URI, and the routes; a strict router comes first as the R-URI."""
    row = answer.row("contact")
    body = contact.parse(answer.text, row[2], row[3]) if row is not None else None
    target = body.values[0].uri if body is not None and body.values else ""
    routes = (route.of(answer, "record-route") or [])[::-1]
    if routes and not routes[0].lr:
        return routes[0].uri, [*routes[1:], Route("", target, [], 0, 0, 0)]
    return target, routes


def ack_of_own(sent: str, answer: Message, target: str, routes: list[Route], agent: str) -> str:
    """The ACK to a 2xx for an INVITE of the proxy's own; agent is a whole header line."""
    lines: dict[str, str] = {}
    rest = sent.partition("\n")[2]
    at = 0
    while (match := _LINE.match(rest, at)) is not None:
        at = match.end()
        lines.setdefault(kind(match[1]), match[0])
    number = lines["cseq"].partition(":")[2].split()[0]
    path = f"Route: {', '.join(f'<{one.uri}>' for one in routes)}\r\n" if routes else ""
    return (
        f"ACK {target} SIP/2.0\r\n{lines['via']}{lines['from']}{lines['call-id']}{_to_line(answer)}CSeq: {number} ACK\r\n"
        f"{path}{agent}Content-Length: 0\r\n\r\n"
    )


def _to_line(message: Message) -> str:
    to = message.header("to")
    return message.text[to.start : to.end] if to is not None else ""


def _rebuild(sent: str, method: str, to: str, reason: str, extra: str) -> str:
    """A request from the headers of another one, in their order: its first Via, From, To, Call-ID, CSeq, Route, Max-Forwards.

    A Content-Length is there where the other one has it.

    Headers whose names begin with `extra` are kept too (`ac_extra_hdrs`).
    """
    line, _, rest = sent.partition("\n")
    out = [f"{method} {line.split(' ')[1]} SIP/2.0\r\n"]
    via_done = False
    at = 0
    while (match := _LINE.match(rest, at)) is not None:
        at = match.end()
        name = match[1]
        known = KINDS.get(name) or kind(name)
        if known == "via":
            if not via_done:
                out.append(match[0])
            via_done = True
        elif known == "to":
            out.append(to)
        elif known == "cseq":
            out.append(_METHOD.sub(method, match[0], 1))
        elif known == "content-length":
            out.append(f"{name}: 0\r\n")
        elif known in _COPIED or (extra and name.startswith(extra)):
            out.append(match[0])
    return "".join(out) + reason + "\r\n"
