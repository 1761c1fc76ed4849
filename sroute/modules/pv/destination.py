"""Where a message goes: destination URI, next hop, forced socket, reply target."""

import re
from collections.abc import Callable

from sroute.exports.fixups import Arg, Scope
from sroute.exports.variable import Index
from sroute.modules.pv import request
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.pv.module import pv
from sroute.modules.pv.uri_memory import uri_of
from sroute.runtime.flow import AssignError
from sroute.runtime.redirect import contacts
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.sockets import Socket, Sockets
from sroute.runtime.values import Value
from sroute.sip import route
from sroute.sip.endpoint import PROTOCOLS, Endpoint
from sroute.sip.message import Message
from sroute.sip.target import via_target
from sroute.sip.uri import Uri


@pv.variable("du", "duri")
def du(run: Run) -> Value:
    """The URI that the request is sent to instead of the Request-URI; null when none is set.

    Example: $du = "sip:10.0.0.1:5060";
    """
    return run.message.dst_uri or None


@du.setter
def set_du(run: Run, value: Value) -> None:
    """Any text is taken; null and the empty text unset it."""
    if isinstance(value, int):
        raise AssignError("error - str value required to set dst uri")
    run.message.dst_uri = value or None


def _of_du(name: str, doc: str, part: request.Part) -> Callable[[Scope, None, Index], Read]:
    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            text = run.message.dst_uri
            if not text:
                return None
            uri = uri_of(run, text)
            if uri is None:
                services.diag("ERROR", "failed to parse dst uri", "pv", run.at)
                return None
            return part(uri)

        return read

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name}\\n");'
    return factory


pv.variables_of("dd")(_of_du("dd", "The host of the destination URI.", request.host))
pv.variables_of("dp")(_of_du("dp", "The port of the destination URI, 5060 when it has none.", request.port)).number = _of_du(
    "dp", "", request.port_id
)
pv.variables_of("dP")(_of_du("dP", "The transport of the destination URI, `UDP` when it has none.", request.transport)).number = _of_du(
    "dP", "", request.transport_id
)


# ---------------------------------------------------------------- next hop


def ip_version(host: str) -> int:
    """6 for an IPv6 address, 4 for an IPv4 address, 0 for a name."""
    if ":" in host:
        return 6
    parts = host.split(".")
    return 4 if len(parts) == 4 and all(part.isascii() and part.isdigit() and int(part) < 256 for part in parts) else 0


def _plain_port(uri: Uri) -> Value:
    return uri.port if uri.port or uri.empty_port else "5060"


_NEXT: dict[str, request.Part] = {
    "U": request.user,
    "d": request.host,
    "p": _plain_port,
    "P": request.transport,
    "i": lambda uri: ip_version(uri.host),
}


def next_hop(message: Message) -> str:
    """The URI that a request goes to: destination URI or Request-URI; the received one where the new one is empty."""
    return message.dst_uri or message.new_uri or message.ruri


@pv.variables_of("nh", inner=OneOf(("u", "U", "d", "p", "P", "i")))
def nh(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The next hop: u URI, U user, d host, p port, P transport, i IP version (0 for a name). In a reply where that goes.

    Example: xlog("$nh(u)\\n");
    """
    return _next_hop(scope.services, key(inner), _NEXT)


def _next_hop(services: Services, name: str, parts: dict[str, request.Part]) -> Read:
    part, back = parts.get(name), _BACK.get(name)

    def read(run: Run) -> Value:
        message = run.message
        if not message.is_request:
            target = reply_target(message)
            return None if target is None or back is None else back(target)
        text = next_hop(message)
        if part is None:
            return text
        uri = uri_of(run, text)
        if uri is None:
            services.diag("ERROR", f"failed to parse nh uri [{text}]", "pv", run.at)
            return None
        return part(uri)

    return read


def _number(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The ints of `$nh(p)` and `$nh(P)`; the other keys convert by their text."""
    numbers = {"p": request.port_id, "P": request.transport_id}
    part = numbers.get(key(inner))
    if part is None:
        return nh.read(scope, inner, index)
    protocol = key(inner) == "P"

    def read(run: Run) -> Value:
        message = run.message
        if not message.is_request:
            target = reply_target(message)
            return None if target is None else target.proto_id if protocol else target.port
        uri = uri_of(run, next_hop(message))
        return None if uri is None else part(uri)

    return read


nh.number = _number


# ---------------------------------------------------------------- the way of a reply


def reply_target(message: Message) -> Endpoint | None:
    """Where a reply goes: the second Via."""
    via = message.via2
    if message.is_request or via is None:
        return None
    return via_target(via, via.proto or "udp")[1]


_BACK: dict[str, Callable[[Endpoint], Value]] = {
    "u": lambda target: target.full_uri,
    "d": lambda target: target.host,
    "p": lambda target: target.port,
    "P": lambda target: target.proto,
    "i": lambda target: ip_version(target.ip),
}
_REPLY: dict[str, Callable[[Endpoint], Value]] = {
    "duri": lambda target: target.full_uri,
    "dhost": lambda target: target.host,
    "dport": lambda target: target.port,
    "dproto": lambda target: target.proto,
}


@pv.variables_of("rpl", inner=OneOf(("duri", "dhost", "dport", "dproto", "cntvia", "cntrr")))
def rpl(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """Where the reply goes: duri, dhost, dport, dproto; how many values it has: cntvia, cntrr. Null in a request.

    Example: xlog("$rpl(duri)\\n");
    """
    name = key(inner)
    if name in ("cntvia", "cntrr"):
        count = _vias if name == "cntvia" else _record_routes
        return lambda run: None if run.message.is_request else count(run.message)
    part = _REPLY[name]

    def read(run: Run) -> Value:
        target = reply_target(run.message)
        return None if target is None else part(target)

    return read


def _vias(message: Message) -> int:
    return len(message.vias)


def _record_routes(message: Message) -> int:
    return len(route.of(message, "record-route") or [])


# ---------------------------------------------------------------- forced socket

_PORT = re.compile("[+-]?[0-9]+")


def find_socket(sockets: Sockets, text: str) -> Socket | None:
    """The listen socket that `[proto:]ip[:port]` names: the first that matches what is given."""
    proto, _, rest = text.partition(":")
    if proto.lower() not in PROTOCOLS:
        proto, rest = "", text
    host, colon, port = rest.rpartition(":")
    if not colon or rest.endswith("]") or not port.isdigit():
        host, port = rest, ""
    host = host.removeprefix("[").removesuffix("]").lower()
    for socket in sockets.listen:
        here = socket.endpoint
        if here.ip.lower() == host and (not proto or here.proto == proto.lower()) and (not port or here.port == int(port)):
            return socket
    return None


def _fault(text: str) -> str | None:
    """What Kamailio says of a text that can't name a socket; None for one that can."""
    first, colon, rest = text.partition(":")
    if not colon or text[0] == "[":
        return None
    if not rest or text.endswith(":"):
        return "too many colons"
    _, more, port = rest.rpartition(":")
    known = first.lower() in PROTOCOLS
    if not more:
        return None if known or _PORT.fullmatch(rest) else "bad protocol"
    if not known:
        return "bad protocol"
    return None if rest[0] == "[" or _PORT.fullmatch(port) else "bad port number"


def forced(run: Run, sockets: Sockets) -> Socket | None:
    """The socket that the script forces for sending."""
    text = run.message.send_socket
    return find_socket(sockets, text) if text else None


@pv.variables_of("fs")
def fs(scope: Scope, inner: None, index: Index) -> Read:
    """The socket forced for sending, as `udp:ip:port`; null when none is.

    Example: $fs = "udp:127.0.0.1:5060";
    """
    return lambda run: run.message.send_socket


@fs.writer
def set_fs(scope: Scope, inner: None, index: Index) -> Write:
    """One of the script's sockets; protocol and port may be left out. Null forces none."""
    services = scope.services

    def write(run: Run, value: Value) -> None:
        if value is None:
            run.message.send_socket = None
            return
        if not isinstance(value, str) or not value:
            raise AssignError("str value required to set the force send sock")
        if (fault := _fault(value)) is not None:
            services.diag("ERROR", f"{fault} in {value}", "core", run.at)
            raise AssignError("invalid socket specification")
        socket = find_socket(services.sockets, value)
        if socket is None:
            services.diag("WARNING", f"no socket found to match [{value}]", "pv", run.at)
            return
        run.message.send_socket = str(socket.endpoint)

    return write


@pv.variables_of("fsn")
def fsn(scope: Scope, inner: None, index: Index) -> Read:
    """The name of the socket forced for sending; null when it has none, or none is forced.

    Example: $fsn = "public";
    """
    sockets = scope.services.sockets

    def read(run: Run) -> Value:
        socket = forced(run, sockets)
        return socket.name or None if socket is not None else None

    return read


@fsn.writer
def set_fsn(scope: Scope, inner: None, index: Index) -> Write:
    """The name of one of the script's sockets; null forces none."""
    services = scope.services

    def write(run: Run, value: Value) -> None:
        if value is None:
            run.message.send_socket = None
            return
        if not isinstance(value, str) or not value:
            raise AssignError("str value required to set the force send sock")
        socket = services.sockets.by_name(value)
        if socket is None:
            services.diag("WARNING", f"no socket found to match name [{value}]", "pv", run.at)
            return
        run.message.send_socket = str(socket.endpoint)

    return write


@pv.variables_of("fsp", static="int")
def fsp(scope: Scope, inner: None, index: Index) -> Read:
    """The port of the socket forced for sending; 0 when none is.

    Example: xlog("$fsp\\n");
    """
    sockets = scope.services.sockets

    def read(run: Run) -> Value:
        socket = forced(run, sockets)
        return socket.endpoint.port if socket is not None else 0

    return read


@pv.variables_of("ds")
def ds(scope: Scope, inner: None, index: Index) -> Read:
    """The destination set as a Contact header: rewritten Request-URI and branches; null without any.

    Example: append_branch("sip:b@example.com"); xlog("$ds\\n");
    """
    services = scope.services

    def read(run: Run) -> Value:
        header = contacts(run.message, run.dset) if run.message.is_request else None
        if header is None:
            if not services.dialect.newer:
                services.diag("WARNING", "no r-uri or branches", "core", run.at)
            return None
        return header.removesuffix("\r\n")

    return read
