"""Parts of a session description that `$sdp` of newer versions shows: addresses, ports and bandwidths of the first medium, raw texts."""

from collections.abc import Callable

from sroute.modules.sdpops.module import Description
from sroute.runtime.run import Run
from sroute.runtime.values import Value
from sroute.sip.sdp import Address, Block, Media

Part = Callable[[Run, Description], Value]
_FAMILIES = {"IP4": 2, "IP6": 10}
"""AF_INET and AF_INET6."""


def _media(found: Description) -> Media | None:
    return found.sessions[0].media[0] if found.sessions and found.sessions[0].media else None


def _connection(found: Description) -> Address | None:
    medium = _media(found)
    if not found.sessions:
        return None
    session = found.sessions[0]
    return session.connection or (medium.connection if medium is not None else None)


def _connection_ip(run: Run, found: Description) -> Value:
    at = _connection(found)
    return at.ip if at is not None else None


def _connection_family(run: Run, found: Description) -> Value:
    at = _connection(found)
    return _FAMILIES.get(at.family) if at is not None else None


def _origin_ip(run: Run, found: Description) -> Value:
    at = found.sessions[0].origin if found.sessions else None
    return at.ip if at is not None else None


def _rtp_port(run: Run, found: Description) -> Value:
    medium = _media(found)
    return medium.port_number if medium is not None else None


def _rtcp_port(run: Run, found: Description) -> Value:
    """What `a=rtcp:` says, else the next port."""
    medium = _media(found)
    if medium is None:
        return None
    said = (medium.attribute("rtcp") or "").split(" ")[0]
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else medium.port_number + 1


def _bandwidth(kind: str) -> Part:
    def read(run: Run, found: Description) -> Value:
        medium = _media(found)
        values = [line.value.partition(":") for line in medium.lines if line.type == "b"] if medium is not None else []
        return next((value for name, _, value in values if name == kind), None)

    return read


def _text(run: Run, block: Block) -> str:
    return run.message.text[block.start : block.end]


def _medium_text(run: Run, found: Description) -> Value:
    medium = _media(found)
    return _text(run, medium) if medium is not None else None


PARTS: dict[str, Part] = {
    "c:ip": _connection_ip,
    "c:af": _connection_family,
    "o:ip": _origin_ip,
    "raw": lambda run, found: found.text(run.message),
    "m0:rtp:port": _rtp_port,
    "m0:rtcp:port": _rtcp_port,
    "m0:raw": _medium_text,
    "m0:b:AS": _bandwidth("AS"),
    "m0:b:RR": _bandwidth("RR"),
    "m0:b:RS": _bandwidth("RS"),
}
