"""The module itself: its parameters, its start, its RPC."""

from collections.abc import Sequence
from typing import Any, Protocol

from sroute.errors import UsageError
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.dmq.nodes import Node, parse
from sroute.modules.dmq.state import Dmq
from sroute.runtime.services import Services
from sroute.runtime.sockets import Socket
from sroute.sip import uri as uris
from sroute.sip.endpoint import Endpoint


class Start(Protocol):
    """What init needs of a scope."""

    services: Services


dmq = Module("dmq", Dmq, "A queue of messages between the nodes of a cluster, over SIP.")
dmq.setting("server_address", "str", doc="The SIP URI of this node, by which the others know it.")
dmq.setting("notification_channel", "str", doc="The name of the channel of lists of nodes (`notification_peer`).")
dmq.setting("server_socket", "str", doc="The socket from which this node sends; without it the one of server_address.")
dmq.setting("num_workers", "int", doc="How many processes work on messages (2).")
dmq.setting(
    "worker_usleep", "int", doc="How long these processes sleep when there is no message, in microseconds; 0: they are woken up (0)."
)
dmq.setting("multi_notify", "int", doc="1: a name in notification_address stands for all its addresses (0).")
dmq.setting("ping_interval", "int", doc="Seconds between two pings of all nodes, at least 60 (60).")


@dmq.param("notification_address", "str")
def _notify(state: Dmq, text: str) -> None:
    """The SIP URI of another node, which is told of this one at the start (repeatable)."""
    if parse(text) is None:
        raise ParamError("could not parse notification address")
    state.addresses.append(text)


@dmq.hooks.init.append
def _init(state: Dmq, scope: Start) -> None:
    here = parse(state.server_address)
    if here is None:
        raise InitError("server address invalid")
    socket = _socket(state, here, scope.services)
    if socket is None:
        raise InitError("server_uri is not a socket the proxy is listening on")
    if state.num_workers < 0:
        raise InitError("error in shm_malloc")
    if not state.num_workers:
        scope.services.note("num_workers is 0: Kamailio never works on what dmq_handle_message() takes in; sroute does")
    state.start(scope.services, here, socket)


def _socket(state: Dmq, here: Node, services: Services) -> Socket | None:
    """The socket from which messages leave: server_socket, or the one that listens at server_address."""
    if state.server_socket:
        try:
            end = Endpoint.parse(state.server_socket)
        except UsageError:
            return None
    else:
        uri = uris.parse(state.server_address)
        end = Endpoint((uri.proto if uri is not None else None) or "udp", here.host, here.port or 5060)
    return services.sockets.by_endpoint(end)


@dmq.rpc("dmq.list_nodes", array=True)
def list_nodes(state: Dmq, services: Services, args: Sequence[Any]) -> RpcValue:
    """Shows all nodes that this one knows."""
    return [_shown(node, services) for node in state.nodes.all]


def _shown(node: Node, services: Services) -> RpcValue:
    shown: dict[str, RpcValue] = {
        "host": node.host,
        "port": str(node.port) if node.port else "<null string>",
        "proto": "*",
        "resolved_ip": services.resolve(node.host) or "",
        "status": node.status,
        "last_notification": 0,  # what 5.6.3 shows of nodes that answer
        "local": int(node.local),
    }
    return {**shown, "fail_count": node.fails} if services.dialect.newer else shown


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
