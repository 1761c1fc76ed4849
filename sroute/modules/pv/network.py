"""Where the message came from and where it was received. A message that stands for none was received nowhere."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.variable import Index, Variable
from sroute.modules.pv.module import pv
from sroute.runtime.run import Read, Run
from sroute.runtime.sockets import Socket
from sroute.runtime.values import Value
from sroute.sip.compose import FAKED_FROM


@pv.variable("si", "src_ip")
def si(run: Run) -> Value:
    """The IP address that the message came from.

    Example: if ($si == "10.0.0.1") exit;
    """
    return run.message.src.ip


@pv.variable("siz")
def siz(run: Run) -> Value:
    """The IP address that the message came from, IPv6 in brackets.

    Example: xlog("$siz:$sp\\n");
    """
    return run.message.src.host


@pv.variable("sp", static="int")
def sp(run: Run) -> Value:
    """The port that the message came from.

    Example: xlog("$si:$sp\\n");
    """
    return run.message.src.port


@pv.variable("su")
def su(run: Run) -> Value:
    """The address that the message came from, as a URI.

    Example: xlog("$su\\n");
    """
    return run.message.src.uri


@pv.variable("sut")
def sut(run: Run) -> Value:
    """The address that the message came from, as a URI with transport.

    Example: xlog("$sut\\n");
    """
    return run.message.src.full_uri


@pv.variable("sas")
def sas(run: Run) -> Value:
    """The address that the message came from, as `udp:ip:port`.

    Example: xlog("$sas\\n");
    """
    return str(run.message.src)


@pv.variable("pr", "proto")
def proto(run: Run) -> Value:
    """The protocol that the message came by: udp, tcp, tls, sctp, ws, wss.

    Example: if ($proto == "tls") xlog("encrypted\\n");
    """
    return run.message.src.proto


proto.numbered(lambda run: run.message.src.proto_id)


@pv.variable("prid", static="int")
def prid(run: Run) -> Value:
    """The number of the protocol: udp 1, tcp 2, tls 3, sctp 4, ws 5, wss 6.

    Example: if ($prid == 1) xlog("UDP\\n");
    """
    return run.message.src.proto_id


@pv.variable("conid")
def conid(run: Run) -> Value:
    """The id of the TCP connection; null over UDP.

    Example: xlog("$conid\\n");
    """
    return run.message.conid


@pv.variable("Ri")
def received_ip(run: Run) -> Value:
    """The IP address of the socket that received the message.

    Example: xlog("$Ri:$Rp\\n");
    """
    return None if run.message.src is FAKED_FROM else run.message.dst.ip


@pv.variable("Rp", static="int")
def received_port(run: Run) -> Value:
    """The port of the socket that received the message.

    Example: xlog("$Ri:$Rp\\n");
    """
    return None if run.message.src is FAKED_FROM else run.message.dst.port


@pv.variable("Ru")
def received_uri(run: Run) -> Value:
    """The socket that received the message, as a URI.

    Example: xlog("$Ru\\n");
    """
    return None if run.message.src is FAKED_FROM else run.message.dst.uri


@pv.variable("Rut")
def received_full_uri(run: Run) -> Value:
    """The socket that received the message, as a URI with transport.

    Example: xlog("$Rut\\n");
    """
    return None if run.message.src is FAKED_FROM else run.message.dst.full_uri


@pv.variable("Ras")
def received_address(run: Run) -> Value:
    """The socket that received the message, as `udp:ip:port`.

    Example: xlog("$Ras\\n");
    """
    return None if run.message.src is FAKED_FROM else str(run.message.dst)


def _of_socket(name: str, doc: str, read: Callable[[Socket], Value]) -> Variable:
    """A variable about the socket that received the message; null when that is none of the script's."""

    def factory(scope: Scope, inner: None, index: Index) -> Read:
        sockets = scope.services.sockets

        def value(run: Run) -> Value:
            message = run.message
            if message.src is FAKED_FROM:
                return None
            return read(sockets.by_endpoint(message.dst) or Socket(message.dst))

        return value

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name}\\n");'
    return pv.variables_of(name)(factory)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _advertised_uri(socket: Socket) -> Value:
    port = f":{socket.port}" if socket.port else ""
    transport = "" if socket.endpoint.proto == "udp" else f";transport={socket.endpoint.proto}"
    return f"sip:{_bracketed(socket.host)}{port}{transport}"


def _advertised_full_uri(socket: Socket) -> Value:
    return f"sip:{_bracketed(socket.host)}:{socket.port};transport={socket.endpoint.proto}"


_of_socket("Rn", "The name of the socket that received the message; null when it has none.", lambda socket: socket.name or None)
_of_socket("RAi", "The advertised host of the socket that received the message.", lambda socket: socket.host)
_of_socket("RAp", "The advertised port of the socket that received the message.", lambda socket: socket.port)
_of_socket("RAu", "The advertised address of the socket that received the message, as a URI.", _advertised_uri)
_of_socket("RAut", "The advertised address of the socket that received the message, as a URI with transport.", _advertised_full_uri)
