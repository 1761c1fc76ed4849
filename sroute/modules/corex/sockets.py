"""Sockets: from which a message is sent, on which and from where it seems to have come."""

from sroute.exports.fixups import FORMAT
from sroute.modules.corex.module import CoreExtras, corex
from sroute.modules.pv.destination import find_socket
from sroute.runtime.run import Run
from sroute.runtime.sockets import Socket
from sroute.sip.endpoint import Endpoint

_PROTOCOLS = ("udp", "tcp")


def split(text: str) -> tuple[str, str, str] | str:
    """`[proto:]host[:port]` in its parts, or what Kamailio says of it."""
    if text.startswith("["):
        parts = ["[" + text[1:].partition("]")[0] + "]", *text.partition("]")[2].removeprefix(":").split(":")]
        parts = [part for part in parts if part]
    elif ":[" in text:
        proto, _, rest = text.partition(":")
        host, _, port = rest.partition("]")
        parts = [proto, f"{host}]", *([port.removeprefix(":")] if port.startswith(":") else [])]
    else:
        parts = text.split(":")
    if len(parts) > 3 or (len(parts) > 1 and not parts[-1]):
        return f"too many colons in {text}"
    if len(parts) == 3:
        return _checked(parts[0], parts[1], parts[2], text)
    if len(parts) == 2:
        if parts[1].isascii() and parts[1].isdigit():
            return "", parts[0], parts[1]
        return _checked(parts[0], parts[1], "", text)
    return "", text, ""


def _checked(proto: str, host: str, port: str, text: str) -> tuple[str, str, str] | str:
    if proto.lower() not in _PROTOCOLS:
        return f"bad protocol in {text}"
    if port and not (port.isascii() and port.isdigit()):
        return f"bad port number in {text}"
    return proto, host, port


def _choose(state: CoreExtras, run: Run, text: str, number: int, *, named: bool) -> Socket | None:
    found = state.instance.sockets.by_name(text) if named else find_socket(state.instance.sockets, text)
    if found is None:
        state.complain(run, f"no socket found to match [{text}] ({number})", "WARNING")
    return found


def _send_from(state: CoreExtras, run: Run, text: str, *, named: bool) -> int:
    if not text:
        state.complain(run, "cannot get socket address value")
        return -1
    found = _choose(state, run, text, 0, named=named)
    if found is not None:
        run.message.send_socket = str(found.endpoint)
    return 1


def _receive_on(state: CoreExtras, run: Run, text: str, *, named: bool) -> int:
    if not text:
        state.complain(run, "cannot get socket address value")
        return -1
    found = _choose(state, run, text, 1, named=named)
    if found is not None:
        run.message.dst = found.endpoint
    return 1


@corex.function("set_send_socket", FORMAT)
def set_send_socket(state: CoreExtras, run: Run, socket: str) -> int:
    """Chooses the socket to send from (`$fs`); one that is none of the script's leaves it as it was, with 1 too.

    Example: set_send_socket("udp:127.0.0.1:5060");
    """
    return _send_from(state, run, socket, named=False)


@corex.function("set_send_socket_name", FORMAT)
def set_send_socket_name(state: CoreExtras, run: Run, name: str) -> int:
    """Chooses the socket to send from by its name.

    Example: set_send_socket_name("public");
    """
    return _send_from(state, run, name, named=True)


@corex.function("set_recv_socket", FORMAT)
def set_recv_socket(state: CoreExtras, run: Run, socket: str) -> int:
    """Makes the message seem to have been received on another of the script's sockets (`$Ri`, `$Rp`).

    Example: set_recv_socket("udp:127.0.0.1:5060");
    """
    return _receive_on(state, run, socket, named=False)


@corex.function("set_recv_socket_name", FORMAT)
def set_recv_socket_name(state: CoreExtras, run: Run, name: str) -> int:
    """Makes the message seem to have been received on another of the script's sockets, by its name.

    Example: set_recv_socket_name("public");
    """
    return _receive_on(state, run, name, named=True)


@corex.function("is_socket_name", FORMAT)
def is_socket_name(state: CoreExtras, run: Run, name: str) -> int:
    """Whether one of the script's sockets has that name.

    Example: if (is_socket_name("public")) $fsn = "public";
    """
    if not name:
        state.complain(run, "cannot get socket name value")
        return -1
    return 1 if state.instance.sockets.by_name(name) is not None else -1


@corex.function("set_source_address", FORMAT)
def set_source_address(state: CoreExtras, run: Run, address: str) -> int:
    """Makes the message seem to come from another address (`$si`, `$sp`), where replies then go; the protocol stays.

    Example: set_source_address("udp:10.0.0.1:5060");
    """
    if not address:
        state.complain(run, "cannot get source address value")
        return -1
    parts = split(address)
    if isinstance(parts, str):
        state.instance.diag("ERROR", parts, "core", run.at)
        state.complain(run, f"failed to parse the address [{address}]")
        return -1
    proto, host, port = parts
    ip = None if host.startswith("[") else state.instance.resolve(host)
    if ip is None:
        state.instance.diag("ERROR", f'could not resolve hostname: "{host}"', "core", run.at)
        state.complain(run, f"failed to resolve address [{address}]")
        return -1
    run.message.src = Endpoint(run.message.src.proto, ip, _port(proto, host, port))
    return 1


def _port(proto: str, host: str, port: str) -> int:
    """Without a port 5.6.3 reads one out of the address: its first number, or 0 without a protocol in front."""
    digits = port or (host.partition(".")[0] if proto else "")
    return int(digits) & 0xFFFF if digits.isdigit() else 0
