"""The addresses on which an instance listens, and which names are its own."""

from dataclasses import dataclass
from ipaddress import IPv6Address

from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message
from sroute.sip.relay import Advertised, Outgoing


@dataclass(frozen=True, slots=True)
class Socket:
    """A listen socket; advertise is what it puts into messages instead of its own address."""

    endpoint: Endpoint
    name: str = ""
    advertise: tuple[str, int] | None = None
    virtual: bool = False

    @property
    def host(self) -> str:
        """The host that goes into Via and Record-Route."""
        return self.advertise[0] if self.advertise else self.endpoint.ip

    @property
    def port(self) -> int:
        """The port that goes into Via and Record-Route."""
        return self.advertise[1] if self.advertise and self.advertise[1] else self.endpoint.port


class Sockets:
    """Listen sockets and aliases of one instance; `extra` are checks that modules add (`register_myself`)."""

    __slots__ = ("_own", "aliases", "listen")

    def __init__(self, listen: list[Socket], aliases: list[tuple[str | None, str, int | None]]) -> None:
        """aliases are (proto, host, port); None stands for any."""
        self.listen = listen
        self.aliases = [(proto, host.lower(), port) for proto, host, port in aliases]
        self._own: dict[tuple[str, int, str], bool] = {}

    def by_endpoint(self, endpoint: Endpoint) -> Socket | None:
        """The socket that listens exactly there."""
        return next((s for s in self.listen if s.endpoint == endpoint), None)

    def by_name(self, name: str) -> Socket | None:
        """The socket of that name."""
        return next((s for s in self.listen if s.name and s.name == name), None)

    def first(self, proto: str, *, ipv6: bool) -> Socket | None:
        """The first socket of a protocol and address family."""
        return next((s for s in self.listen if s.endpoint.proto == proto and s.endpoint.is_ipv6 == ipv6), None)

    def outgoing(self, message: Message, destination: Endpoint, socket: Socket) -> Outgoing:
        """The way out of a request through a socket: what its Via and Record-Route need to know when they are written."""
        here = self.by_endpoint(message.dst)
        return Outgoing(
            proto=destination.proto,
            socket=socket.endpoint,
            received_on=message.dst,
            received_proto=message.src.proto,
            advertised=_advertised(socket),
            received_advertised=_advertised(here),
            socket_name=socket.name,
            received_name=here.name if here else "",
        )

    def is_own(self, host: str, port: int = 0, proto: str = "") -> bool:
        """Kamailio's check_self: a listen address, its advertised name or an alias; port 0 and proto "" match any."""
        key = (host, port, proto)
        known = self._own.get(key)
        if known is None:
            if len(self._own) > 10_000:
                self._own.clear()
            known = self._own[key] = self._matches(_plain(host), port, proto)
        return known

    def _matches(self, host: str, port: int, proto: str) -> bool:
        for socket in self.listen:
            here = socket.endpoint
            if socket.virtual:
                continue
            if proto and here.proto != proto:
                continue
            if _plain(here.ip) == host and (not port or here.port == port):
                return True
            if socket.advertise and socket.advertise[0].lower() == host and (not port or socket.port == port):
                return True
        return any(
            name == host and (not port or theirs in (None, port)) and (not proto or their_proto in (None, proto))
            for their_proto, name, theirs in self.aliases
        )


def _plain(host: str) -> str:
    """A host in lower case without brackets, an IPv6 address in its short form."""
    text = host.lower().removeprefix("[").removesuffix("]")
    if ":" not in text:
        return text
    try:
        return str(IPv6Address(text))
    except ValueError:
        return text


def _advertised(socket: Socket | None) -> Advertised | None:
    return Advertised(*socket.advertise) if socket and socket.advertise else None
