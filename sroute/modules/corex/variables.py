"""`$cfg(...)`: the place in the script; `$lsock(...)`: the script's own sockets."""

from collections.abc import Callable

from sroute.exports.fixups import FORMAT, Arg, Scope, reader
from sroute.exports.variable import Index
from sroute.modules.corex.module import corex
from sroute.modules.pv.destination import find_socket
from sroute.modules.pv.keys import OneOf, key
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run
from sroute.runtime.sockets import Socket, Sockets
from sroute.runtime.values import FAILED, Value

NAMES = {
    "request_route": "DEFAULT_ROUTE",
    "reply_route": "DEFAULT_ONREPLY",
    "onreply_route": "DEFAULT_ONREPLY",
    "failure_route": "DEFAULT_FAILURE",
    "branch_route": "DEFAULT_BRANCH",
    "onsend_route": "DEFAULT_SEND",
}


@corex.variables_of("cfg", inner=OneOf(("line", "name", "file", "route")))
def cfg(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The place in the script: its line, the name of its file (name, file), the route block.

    Example: xlog("$cfg(route):$cfg(line)\\n");
    """
    return _CFG[key(inner)]


def _line(run: Run) -> Value:
    return run.at.finish.line if run.at is not None else 0


def _file(run: Run) -> Value:
    return run.at.source.name if run.at is not None else None


def _route(run: Run) -> Value:
    return route_name(run)


def route_name(run: Run) -> str:
    """The running block as Kamailio names it: `event_route[x]` and `branch_route[x]` are `x`, request_route is DEFAULT_ROUTE."""
    name = run.route
    if name.endswith("]"):
        return name.partition("[")[2][:-1]
    if not name and run.kind is Routes.REQUEST:
        return "DEFAULT_ROUTE"
    return NAMES.get(name, name)


_CFG: dict[str, Read] = {"line": _line, "name": _file, "file": _file, "route": _route}


@corex.variables_of("atkv", inner=OneOf(("type", "key", "val")), since="later")
def atkv(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """What event_route[core:tkv] is about; null in all other blocks.

    Example: xlog("$atkv(type)\\n");
    """
    return lambda run: None


# ---------------------------------------------------------------- own sockets


def _advertised(socket: Socket) -> str:
    return f"{socket.endpoint.proto}:{socket.host}:{socket.port}" if socket.advertise else ""


_FIELDS: dict[str, Callable[[Socket], Value]] = {
    "l": lambda socket: str(socket.endpoint),
    "n": lambda socket: socket.name,
    "a": _advertised,
    "i": lambda socket: 0,
}


def _by_advertised(sockets: Sockets, text: str) -> Socket | None:
    return next((socket for socket in sockets.listen if socket.advertise and _advertised(socket) == text), None)


def _by_address(sockets: Sockets, text: str) -> Socket | None:
    return find_socket(sockets, text) if text.count(":") > 1 else None


_MATCHES: dict[str, Callable[[Sockets, str], Socket | None]] = {
    "n": lambda sockets, text: sockets.by_name(text),
    "l": _by_address,
    "a": _by_advertised,
    # 5.6.3 gives the first socket for any index.
    "i": lambda sockets, text: sockets.listen[0] if sockets.listen else None,
}


@corex.variables_of("lsock", inner=FORMAT)
def lsock(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """An attribute of one of the script's sockets: `match/value/field`.

    match is n (name), l (listen address), a (advertised address) or i (index); field is listen, name, advertise or index,
    of which the first letter counts and two must be there. Null when no socket matches.

    Example: xlog("$lsock(n/public/listen)\\n");
    """
    services = scope.services
    expression = reader(inner)

    def read(run: Run) -> Value:
        text = expression(run)
        parts = text.split("/")
        if len(parts) != 3 or parts[0] not in _MATCHES or len(parts[2]) < 2 or parts[2][0] not in _FIELDS:
            services.diag("ERROR", f"invalid expression format: {text}", "corex", run.at)
            services.diag("ERROR", f"failed to parse lsock expression [{text}]", "corex", run.at)
            return FAILED
        socket = _MATCHES[parts[0]](services.sockets, parts[1])
        return None if socket is None else _FIELDS[parts[2][0]](socket)

    return read
