"""Where a reply goes: a local one back to where its request came from, a received one by its Via."""

from sroute.sip.endpoint import DEFAULT_PORT, Endpoint
from sroute.sip.message import Message
from sroute.sip.via import Via


def reply_target(request: Message) -> Endpoint:
    """The source address; the port of the top Via unless `rport` is asked for or forced."""
    source, via = request.src, request.via1
    if source.proto != "udp" or request.force_rport or via.rport is not None:
        return source
    return Endpoint("udp", source.ip, via.port or DEFAULT_PORT)


def via_target(via: Via, proto: str) -> tuple[str, Endpoint]:
    """The host of a Via (it may be a name) and the address there: `received` before the host, `rport` before the port."""
    host = (via.received.value if via.received is not None else None) or via.host
    rport = via.rport.value if via.rport is not None else None
    port = int(rport) & 0xFFFF if rport and rport.isdigit() else via.port
    host = host.removeprefix("[").removesuffix("]")
    return host, Endpoint(proto, host, port or DEFAULT_PORT)
