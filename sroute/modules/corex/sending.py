"""Raw sending: the message as received, or any data; and what is added to the Via of what is forwarded."""

from collections.abc import Callable

from sroute.exports.fixups import FORMAT, INTEGER
from sroute.modules.corex.module import CoreExtras, corex
from sroute.modules.pv.destination import find_socket, next_hop
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.sockets import Socket
from sroute.runtime.xavp import Xavp
from sroute.sip import uri as uris
from sroute.sip.endpoint import DEFAULT_PORT, Endpoint

REQUEST_OR_FAILURE = Routes.REQUEST | Routes.FAILURE


def _host_port(text: str) -> tuple[str, int]:
    """`host[:port]`; a port that is no number counts as the default one."""
    if text.startswith("["):
        host, bracket, port = text.partition("]")
        host, port = host + bracket, port.removeprefix(":")
    else:
        host, _, port = text.partition(":")
    return host, int(port) & 0xFFFF if port.isdigit() and int(port) else DEFAULT_PORT


def _send_raw(state: CoreExtras, run: Run, target: str, proto: str) -> int:
    message, services = run.message, state.instance
    if target:
        host, port = _host_port(target)
    else:
        uri = uris.parse(next_hop(message))
        if uri is None:
            state.complain(run, f"bad dst URI! [{next_hop(message)}]")
            return -1
        host, port = uri.host, uri.port_number or DEFAULT_PORT
    ip = services.resolve(host)
    if ip is None:
        services.diag("ERROR", f'could not resolve hostname: "{host}"', "core", run.at)
        state.complain(run, f"failed to resolve [{host}]")
        return -1
    destination = Endpoint(proto, ip, port)
    socket = services.route_socket(run, destination)
    return -1 if socket is None else _leave(state, message.text, socket, destination)


def _leave(state: CoreExtras, text: str, socket: Socket, destination: Endpoint) -> int:
    state.instance.send(text, socket.endpoint, destination)
    return 1


@corex.function("forward_reply")
def forward_reply(state: CoreExtras, run: Run) -> int:
    """Sends a reply on by its second Via, now; without `drop` it is sent once more behind the route.

    Example: reply_route { if (forward_reply()) drop; }
    """
    return 1 if state.instance.forward_reply(run) else -1


@corex.function("send_udp")
@corex.function("send_udp", FORMAT)
def send_udp(state: CoreExtras, run: Run, target: str = "") -> int:
    """Sends the message as it was received to `host[:port]`, or to where the request goes, over UDP.

    Example: send_udp("127.0.0.1:5090");
    """
    return _send_raw(state, run, target, "udp")


@corex.function("send_tcp")
@corex.function("send_tcp", FORMAT)
def send_tcp(state: CoreExtras, run: Run, target: str = "") -> int:
    """Sends the message as it was received to `host[:port]`, or to where the request goes, over TCP.

    Example: send_tcp("127.0.0.1:5090");
    """
    return _send_raw(state, run, target, "tcp")


@corex.function("send_data", FORMAT, FORMAT)
def send_data(state: CoreExtras, run: Run, uri: str, data: str) -> int:
    """Sends any data to the address of a URI.

    Example: send_data("sip:127.0.0.1:5090", "hello");
    """
    return _send_data(state, run, uri, "", data)


@corex.function("sendx", FORMAT, FORMAT, FORMAT)
def sendx(state: CoreExtras, run: Run, uri: str, socket: str, data: str) -> int:
    """Sends any data to the address of a URI from one of the script's sockets.

    Example: sendx("sip:127.0.0.1:5090", "udp:127.0.0.1:5060", "hello");
    """
    return _send_data(state, run, uri, socket, data)


def _send_data(state: CoreExtras, run: Run, uri_text: str, socket_text: str, data: str) -> int:
    services = state.instance
    uri = uris.parse(uri_text)
    if uri is None:
        state.complain(run, f"bad dst sip uri <{uri_text}>")
        return -1
    ip = services.resolve(uri.host)
    if ip is None:
        services.diag("ERROR", f'could not resolve hostname: "{uri.host}"', "core", run.at)
        state.complain(run, f"failed to resolve [{uri.host}]")
        return -1
    destination = Endpoint(uri.proto or "udp", ip, uri.port_number or DEFAULT_PORT)
    socket = find_socket(services.sockets, socket_text) if socket_text else None
    if socket_text and socket is None:
        state.complain(run, f"local socket not found: {socket_text}", "WARNING")
    socket = socket or services.route_socket(run, destination)
    return -1 if socket is None else _leave(state, data, socket, destination)


# ---------------------------------------------------------------- Via

_SERVER_ID, _XAVPS = "corex.via_srvid", "corex.via_xavps"


def _switch(state: CoreExtras, run: Run, name: str, on: int) -> int:
    """Turns an addition to Via on or off; what is added is asked for when the request leaves."""
    run.extra[name] = bool(on)
    run.message.via_extra = _extra(state, run)
    return 1


def _extra(state: CoreExtras, run: Run) -> Callable[[], str]:
    def text() -> str:
        added = ""
        if run.extra.get(_SERVER_ID):
            added += f";srvid={state.instance.cfg('core', 'server_id') or 0}"
        if run.extra.get(_XAVPS):
            added += _xavp_params(state, run)
        return added

    return text


def _xavp_params(state: CoreExtras, run: Run) -> str:
    """The children of the xavp that the global parameter xavp_via_params names, newest first."""
    name = state.instance.cfg("core", "xavp_via_params")
    if not isinstance(name, str):
        return ""
    root = run.xavps.get(name)
    return "".join(_param(child) for child in root.inner or ()) if root is not None else ""


def _param(child: Xavp) -> str:
    value = child.text()
    return f";{child.name}" if value == "" else f";{child.name}={value}"


@corex.function("via_add_srvid", INTEGER)
def via_add_srvid(state: CoreExtras, run: Run, on: int) -> int:
    """Adds `;srvid=` with the server_id to the Via of what is forwarded (1), or not (0).

    Example: via_add_srvid("1");
    """
    return _switch(state, run, _SERVER_ID, on)


@corex.function("via_add_xavp_params", INTEGER)
def via_add_xavp_params(state: CoreExtras, run: Run, on: int) -> int:
    """Adds the fields of the xavp that the global parameter xavp_via_params names to the Via of what is forwarded (1), or not (0).

    Example: via_add_xavp_params("1");
    """
    return _switch(state, run, _XAVPS, on)


@corex.function("via_use_xavp_fields", INTEGER)
def via_use_xavp_fields(state: CoreExtras, run: Run, on: int) -> int:
    """Should take address and port of the Via from an xavp; in Kamailio 5.6.3 it has no effect.

    Example: via_use_xavp_fields("1");
    """
    state.instance.note("via_use_xavp_fields() has no effect in Kamailio 5.6.3", run.at)
    return 1
