"""What leaves when a request or a reply is forwarded: a new Via on top or one less, pending changes written, Content-Length put right."""

from dataclasses import dataclass, replace

from sroute.sip import lump
from sroute.sip.boundaries import finish
from sroute.sip.endpoint import DEFAULT_PORT, Endpoint
from sroute.sip.lump import NO_WAY, Condition, Lumps, Substitution, Way
from sroute.sip.message import Message
from sroute.sip.reply import received_differs
from sroute.sip.tags import reverse_hex

_RELIABLE = frozenset({"tcp", "tls"})
_VIA_NAMES = {"udp": "UDP", "tcp": "TCP", "tls": "TLS", "sctp": "SCTP", "ws": "WS", "wss": "WSS"}


@dataclass(frozen=True, slots=True)
class Advertised:
    """What a socket calls itself (`listen ... advertise host:port`); with port 0 its own one shows, unless that is 5060."""

    host: str
    port: int = 0


@dataclass(frozen=True)
class Outgoing(Way):
    """The way out of a request: transport to the next hop, own socket, and what the message came in through."""

    proto: str
    socket: Endpoint
    received_on: Endpoint
    received_proto: str = "udp"
    advertised: Advertised | None = None
    received_advertised: Advertised | None = None
    socket_name: str = ""
    received_name: str = ""
    coin: bool = False
    """What a RAND condition comes to."""
    global_address: str = ""
    """set_advertised_address() and set_advertised_port(); `build_request` takes them from its message."""
    global_port: str = ""

    def holds(self, condition: Condition) -> bool:
        """Whether a conditional piece comes out: sending and receiving side differ in the thing named."""
        here, there = self.received_on, self.socket
        match condition:
            case "TRUE":
                return True
            case "FALSE":
                return False
            case "DIFF_REALMS":
                same = here.port == there.port and here.proto == there.proto and self.received_proto == self.proto and here.ip == there.ip
                return not same
            case "DIFF_AF":
                return here.is_ipv6 != there.is_ipv6
            case "DIFF_PROTO":
                return here.proto != there.proto or self.received_proto != self.proto
            case "DIFF_PORT":
                return here.port != there.port
            case "DIFF_IP":
                return here.ip != there.ip
            case "RAND":
                return self.coin

    def subst(self, what: Substitution) -> str:
        """The text of a substitution: own address on the receiving (`RCV_`) or sending (`SND_`) side."""
        receiving = what.startswith("RCV")
        socket, proto = (self.received_on, self.received_proto) if receiving else (self.socket, self.proto)
        transport = "ws" if proto in ("ws", "wss") else socket.proto
        match what:
            case "RCV_IP" | "SND_IP":
                return self._host(receiving=receiving)
            case "RCV_PORT":
                return self._received_port()
            case "SND_PORT":
                return self._port()
            case "RCV_PROTO" | "SND_PROTO":
                return transport
            case "RCV_ALL" | "RCV_ALL_EX" | "SND_ALL" | "SND_ALL_EX":
                port = self._received_port() if receiving else self._port()
                shown = "" if not port or (receiving and port == str(DEFAULT_PORT)) else f":{port}"
                name = (self.received_name if receiving else self.socket_name) if what.endswith("_EX") else ""
                params = ("" if transport == "udp" else f";transport={transport}") + (f";sn={name}" if name else "")
                return f"{self._host(receiving=receiving)}{shown}{params}"

    def _host(self, *, receiving: bool) -> str:
        advertised = self.received_advertised if receiving else self.advertised
        if advertised is not None:
            return bracketed(advertised.host)
        return self.received_on.host if receiving else bracketed(self.global_address) or self.socket.host

    def _received_port(self) -> str:
        advertised = self.received_advertised
        return str((advertised.port if advertised is not None else 0) or self.received_on.port)

    def _port(self) -> str:
        """The port on the sending side: advertised, else set_advertised_port(), else the socket's unless it is 5060."""
        if self.advertised is not None and self.advertised.port:
            return str(self.advertised.port)
        return self.global_port or ("" if self.socket.port == DEFAULT_PORT else str(self.socket.port))


def bracketed(host: str) -> str:
    """An address as it stands in a URI or Via: a bare IPv6 address gets brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def via_line(message: Message | None, out: Outgoing, branch: str) -> str:
    """The Via header line that Kamailio puts on top of a request."""
    advertised = out.advertised
    host = message.global_address if message is not None else ""
    port = message.global_port if message is not None else ""
    if not host:
        host = bracketed(advertised.host) if advertised is not None else out.socket.host
    if not port and advertised is not None and advertised.port:
        port = str(advertised.port)
    elif not port and out.socket.port != DEFAULT_PORT:
        port = str(out.socket.port)
    sent_by = f"{host}:{port}" if port else host
    params = f";branch={branch}" if branch else ""
    if message is not None:
        if message.src.proto in ("tcp", "tls", "sctp"):
            params += f";i={reverse_hex(message.conid or 0)}"
        if message.local_rport:
            params += ";rport"
        if message.via_extra is not None:
            params += message.via_extra()
    return f"Via: SIP/2.0/{_VIA_NAMES[out.proto]} {sent_by}{params}\r\n"


def build_request(message: Message, out: Outgoing, via_branch: str, *, keep: bool = False) -> str:
    """The bytes of a request on its way to the next hop.

    The message itself does not change, unless keep says so: core forward() leaves its Via in the message, so that a second
    forward() adds another one in front.
    """
    if message.global_address or message.global_port:
        out = replace(out, global_address=message.global_address, global_port=message.global_port)
    headers = _headers(message, out.proto, out)
    _mark_top_via(message, headers)
    via_row, route_row = message.row("via"), message.row("route")
    via_anchor = headers.anchor(via_row[1] if via_row is not None else message.headers_start, "via")
    if message.path:
        where = headers.anchor(route_row[1], "route") if route_row is not None else via_anchor
        where.add_after(f"Route: {message.path}\r\n")
    via_anchor.add_before(via_line(message, out, via_branch))
    if keep:
        message.lumps = headers.copy()
    return _write(message, headers, out)


def build_reply(message: Message) -> str:
    """The bytes of a received reply on its way back: without the top Via; the message itself does not change."""
    via2 = message.via2
    headers = _headers(message, via2.proto if via2 is not None else "udp", NO_WAY)
    row, top = message.row("via"), message.vias[0]
    if row is None:
        return _write(message, headers, NO_WAY)  # the script has taken it away
    if top.last:
        headers.delete(row[1], row[4] - row[1], "via")
    else:
        headers.delete(row[2], top.end - top.start, "via")
    return _write(message, headers, NO_WAY)


def apply_changes(message: Message) -> str:
    """The text with the pending changes in it (msg_apply_changes, $mbu): rewritten Request-URI, no Via touched."""
    return _write(message, header_changes(message), NO_WAY)


def header_changes(message: Message) -> Lumps:
    """The pending header changes with the one of Content-Length."""
    proto = "udp"
    if not message.is_request and message.via2 is not None:
        proto = message.via2.proto
    return _headers(message, proto, NO_WAY)


def _headers(message: Message, proto: str, way: Way) -> Lumps:
    """The header changes with those of Content-Length; anchors of its own where something is added."""
    finish(message)
    headers = message.lumps.copy()
    change = lump.delta(message.body_lumps, way) if message.body_lumps else 0
    if message.body_start < 0:
        return headers
    length = len(message.text) - message.body_start + change
    row = message.row("content-length")
    if row is None:
        if proto in _RELIABLE or (change and proto != "udp"):
            headers.anchor(message.eoh, "content-length").add_after(f"Content-Length: {length}\r\n")
    elif change or (proto in _RELIABLE and message.content_length != length):
        headers.delete(row[2], row[3] - row[2], "content-length").add_after(str(length))
    return headers


def _mark_top_via(message: Message, headers: Lumps) -> None:
    """received= and rport= for what was the top Via: in place of the old ones, else in front of the other parameters."""
    if message.row("via") is None:
        return  # the script has taken it away
    via = message.vias[0]
    place = via.params_start - 1 if via.params else via.host_end
    anchor = None
    if received_differs(message):
        old = via.received
        anchor = headers.anchor(place, "via") if old is None else headers.delete(old.start - 1, old.end - old.start + 1, "via")
        anchor.add_after(f";received={message.src.ip}")
    if via.rport is not None:
        anchor = headers.delete(via.rport.start - 1, via.rport.end - via.rport.start + 1, "via")
    elif not message.force_rport:
        return
    elif anchor is None:
        anchor = headers.anchor(place, "via")
    anchor.add_after(f";rport={message.src.port}")


def _write(message: Message, headers: Lumps, way: Way) -> str:
    text = message.text
    out: list[str] = []
    position = 0
    if message.new_uri is not None and message.is_request:
        out += (text[: message.uri_start], message.new_uri)
        position = message.uri_start + len(message.ruri)
    position = lump.apply(text, headers, out, position, way)
    if message.body_lumps:
        position = lump.apply(text, message.body_lumps, out, position, way)
    out.append(text[position:])
    return "".join(out)
