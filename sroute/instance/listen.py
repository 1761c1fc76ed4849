"""The sockets of an instance, from `listen` and `alias`."""

from sroute.resolve.program import Settings
from sroute.runtime.sockets import Socket, Sockets
from sroute.sip.endpoint import LOCAL, Endpoint
from sroute.syntax.nodes import Listen

LOOPBACK = {"localhost": "127.0.0.1", "lo": "127.0.0.1"}


def sockets(settings: Settings, default: Endpoint = LOCAL) -> Sockets:
    """The sockets that a script names; without any, the default one."""
    port = settings.integer("port", 5060)
    found: list[Socket] = []
    for node in settings.listen:
        found += _sockets(node, port)
    aliases = [(spec.proto, host, spec.port) for spec in settings.aliases for host in spec.hosts]
    return Sockets(found or [Socket(default)], aliases)


def _sockets(node: Listen, port: int) -> list[Socket]:
    made = []
    for spec in node.sockets:
        for host in spec.hosts:
            for proto in (spec.proto,) if spec.proto else ("udp", "tcp"):
                advertise = (node.advertise[0], node.advertise[1] or 0) if node.advertise else None
                endpoint = Endpoint(proto.lower(), LOOPBACK.get(host, host).strip("[]"), spec.port or port)
                made.append(Socket(endpoint, node.name or "", advertise, node.virtual))
    return made
