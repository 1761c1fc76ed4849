"""t_uac_send(): the script sends a request of its own."""

import re

from sroute.exports.fixups import FORMAT
from sroute.modules.tm import own
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.declaration import tm
from sroute.runtime.run import Run
from sroute.runtime.sockets import Socket
from sroute.sip import cseq, nameaddr
from sroute.sip import uri as uris
from sroute.sip.endpoint import Endpoint
from sroute.sip.headers import rows as find_rows

_OWN = frozenset({"from", "to", "call-id", "cseq"})
_SOCKET = re.compile(r"(?:([a-z]+):)?(\[[^\]]*\]|[^:]+)(?::(\d+))?\Z")


@tm.function("t_uac_send", FORMAT, FORMAT, FORMAT, FORMAT, FORMAT, FORMAT, constant=True)
def uac_send(state: Tm, run: Run, method: str, uri: str, next_hop: str, socket: str, headers: str, body: str) -> int:
    """Sends a request: method, R-URI, next hop and socket (each empty or `.` for none), header lines with From and To, body.

    Example: t_uac_send("OPTIONS", "sip:10.0.0.1", "", "", "From: <sip:me@a>\\r\\nTo: <sip:you@b>\\r\\n", "");
    """
    request = _request(state, run, method, uri, headers, body)
    if request is None:
        return -1
    if next_hop not in ("", "."):
        if uris.parse(next_hop) is None:
            state.complain("ERROR", f'Invalid next-hop uri "{next_hop}"', run)
            return -1
        request.next_hop = next_hop
    if socket not in ("", "."):
        request.socket = _socket(state, socket)
        if request.socket is None:
            state.complain("ERROR", f'No local socket for "{socket}"', run)
            return -1
    if own.send(state, request) is None:
        state.complain("ERROR", "UAC error", run)
        return -1
    return 1


def _socket(state: Tm, text: str) -> Socket | None:
    match = _SOCKET.match(text)
    if match is None:
        return None
    wanted = Endpoint(match[1] or "udp", match[2].strip("[]"), int(match[3] or 5060))
    return state.services.sockets.by_endpoint(wanted)


def _request(state: Tm, run: Run, method: str, uri: str, headers: str, body: str) -> own.Request | None:
    """Checks what was given, as Kamailio does and with its words."""
    if not method:
        state.complain("ERROR", "Empty method", run)
        return None
    if uris.parse(uri) is None:
        state.complain("ERROR", f'Invalid request uri "{uri}"', run)
        return None
    rows, _, bad = find_rows(headers + "\r\n", 0)
    if bad or not rows or not headers.endswith("\n"):
        state.complain("ERROR", "Invalid headers", run)
        return None
    first = {row[0]: headers[row[2] : row[3]] for row in reversed(rows)}
    problem = _problem(first, method, body)
    if problem:
        state.complain("ERROR", problem, run)
        state.complain("ERROR", "checking values failed", run)
        return None
    made = own.Request(method, uri, "", "", call_id=first.get("call-id", ""), body=body)
    made.headers = "".join(headers[row[1] : row[4]] for row in rows if row[0] not in _OWN)
    for kind in ("from", "to"):
        parsed = nameaddr.parse(first[kind])
        if parsed is None:
            state.complain("ERROR", "Invalid headers", run)
            return None
        setattr(made, f"{kind}_uri", parsed.uri)
        setattr(made, f"{kind}_tag", parsed.tag or "")
    if "cseq" in first:
        number = cseq.parse(first["cseq"])
        made.cseq = number.number if number is not None else own.DEFAULT_CSEQ
    return made


def _problem(first: dict[str, str], method: str, body: str) -> str:
    """What is missing or wrong."""
    if body and "content-type" not in first:
        return "Content-Type missing"
    if "to" not in first:
        return "To missing"
    if "from" not in first:
        return "From missing"
    if "cseq" in first:
        number = cseq.parse(first["cseq"])
        if number is None or number.method != method:
            return "CSeq method mismatch"
    return ""
