"""RPC commands of corex: sockets, aliases, the log level."""

from collections.abc import Sequence
from typing import Any

from sroute.exports.rpc import RpcValue
from sroute.modules.corex.module import CoreExtras, corex
from sroute.runtime.services import Services


@corex.rpc("corex.list_sockets")
def list_sockets(state: CoreExtras, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Show the listen sockets."""
    return [
        {
            "PROTO": socket.endpoint.proto,
            "NAME": socket.endpoint.ip,
            "ADDRLIST": {"ADDR": socket.endpoint.ip},
            "PORT": str(socket.endpoint.port),
            "MCAST": "no",
            "MHOMED": "no",
            "VIRTUAL": "yes" if socket.virtual else "no",
            "SOCKNAME": socket.name or "-",
            "ADVERTISE": socket.advertise[0] if socket.advertise else "-",
        }
        for socket in services.sockets.listen
    ]


@corex.rpc("corex.list_aliases")
def list_aliases(state: CoreExtras, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Show the aliases, the last one first."""
    return [
        {"PROTO": "*" if proto is None else proto, "ADDR": host, "PORT": port or 0}
        for proto, host, port in reversed(services.sockets.aliases)
    ]


@corex.rpc("corex.debug", "[level]")
def debug(state: CoreExtras, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Show the log level, or set it."""
    old = services.debug
    level = arguments[0] if arguments else None
    if not isinstance(level, int):
        return {"debug": old}
    services.debug = level
    return {"old": old, "new": level}
