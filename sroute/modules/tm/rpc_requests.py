"""RPC commands that send requests: `tm.t_uac_start`, and what waits for a reply where the transport can't."""

from collections.abc import Sequence
from typing import Any

from sroute.errors import UsageError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.tm import own
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.declaration import tm
from sroute.runtime.services import Services
from sroute.runtime.sockets import Socket
from sroute.sip import uri as uris
from sroute.sip.endpoint import Endpoint

FEWEST = 5
_OURS = frozenset({"from", "f", "to", "t", "cseq", "call-id", "i", "via", "v", "content-length", "l"})


@tm.rpc("tm.t_uac_start", "method ruri next_hop socket headers [body]")
def t_uac_start(state: Tm, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sends a request of its own and waits for no reply; `.` stands for no next hop and for any socket."""
    if len(arguments) < FEWEST:
        raise RpcFault(400, f"too few parameters ({len(arguments) - FEWEST + 1 if arguments else 0}/{FEWEST})")
    method, ruri, hop, local, text, *rest = [str(argument) for argument in arguments]
    if not method:
        raise RpcFault(400, "Empty method")
    if uris.parse(ruri) is None:
        raise RpcFault(400, f'Invalid request uri "{ruri}"')
    hop = "" if hop == "." else hop
    if hop and uris.parse(hop) is None:
        raise RpcFault(400, f'Invalid next-hop uri "{hop}"')
    request = own.Request(method, ruri, "", "", next_hop=hop, socket=_socket(services, local), body=rest[0] if rest else "")
    _read(request, text)
    own.send(state, request)
    return {}


def _socket(services: Services, text: str) -> Socket | None:
    if text == ".":
        return None
    try:
        found = services.sockets.by_endpoint(Endpoint.parse(text))
    except UsageError:
        found = None
    if found is None:
        raise RpcFault(400, f'No local socket for "{text}"')
    return found


def _read(request: own.Request, text: str) -> None:
    """Takes the headers that a request must have; the others go out as they are."""
    typed = False
    kept: list[str] = []
    for line in _lines(text):
        name, colon, value = line.partition(":")
        kind = name.strip().lower()
        if not colon or not kind:
            raise RpcFault(400, "Invalid headers")
        typed |= kind in ("content-type", "c")
        if kind in ("from", "f"):
            request.from_text = value.strip()
        elif kind in ("to", "t"):
            request.to_text = value.strip()
        elif kind in ("call-id", "i"):
            request.call_id = value.strip()
        elif kind == "cseq":
            request.cseq = value.split()[0] if value.split() else own.DEFAULT_CSEQ
        elif kind not in _OURS:
            kept.append(f"{line}\r\n")
    if not request.from_text:
        raise RpcFault(400, "From missing")
    if not request.to_text:
        raise RpcFault(400, "To missing")
    if request.body and not typed:
        raise RpcFault(400, "Content-Type missing")
    request.headers = "".join(kept)


def _lines(text: str) -> list[str]:
    """The lines of the headers.

    Raises RpcFault where the last one has no end.
    """
    if not text.endswith("\n"):
        raise RpcFault(400, "Invalid headers")
    return [line.removesuffix("\r") for line in text.split("\n") if line.strip("\r")]


@tm.rpc("tm.t_uac_wait", "method ruri next_hop socket headers [body]")
def t_uac_wait(state: Tm, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Refused: neither ctl nor a script can wait for the reply."""
    raise RpcFault(600, "Reply wait/async mode not supported by this rpc transport")
