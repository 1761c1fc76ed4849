"""The module itself: its parameters, its start, its RPC."""

from collections.abc import Sequence
from typing import Any, Protocol

from sroute.exports.module import InitError, Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.dmq.nodes import parse
from sroute.modules.dmq.state import Dmq
from sroute.runtime.services import Services


class Start(Protocol):
    """What init needs of a scope."""

    services: Services


dmq = Module("dmq", Dmq, "A queue of messages between the nodes of a cluster, over SIP.")
dmq.setting("server_address", "str", doc="The SIP URI of this node, by which the others know it.")
dmq.setting("notification_channel", "str", doc="The name of the channel of lists of nodes (`notification_peer`).")
dmq.setting("num_workers", "int", doc="How many processes work on messages (2).")
dmq.setting("ping_interval", "int", doc="Seconds between two pings of all nodes, at least 60 (60).")


@dmq.param("notification_address", "str")
def _notify(state: Dmq, text: str) -> None:
    """The SIP URI of another node, which is told of this one at the start (repeatable)."""
    state.addresses.append(text)


@dmq.hooks.init.append
def _init(state: Dmq, scope: Start) -> None:
    if parse(state.server_address) is None:
        raise InitError("server_address invalid")
    state.start(scope.services)


@dmq.rpc("dmq.list_nodes", array=True)
def list_nodes(state: Dmq, services: Services, args: Sequence[Any]) -> RpcValue:
    """Shows all nodes that this one knows."""
    return [
        {
            "host": node.host,
            "port": str(node.port),
            "proto": "*",
            "resolved_ip": services.resolve(node.host) or "",
            "status": node.status,
            "last_notification": 0,  # what 5.6.3 shows of nodes that answer
            "local": int(node.local),
        }
        for node in state.nodes.all
    ]


@dmq.rpc("dmq.remove", "address")
def remove(state: Dmq, services: Services, args: Sequence[Any]) -> RpcValue:
    """Forgets a node."""
    told = parse(str(args[0])) if args else None
    node = state.nodes.find(told.host, told.port) if told is not None else None
    if told is None:
        raise RpcFault(500, "Invalid Parameters")
    if node is not None and not node.local:
        state.nodes.all.remove(node)
    return None
