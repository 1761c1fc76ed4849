"""RPC commands of the core: `core.*` and `system.*`, as far as they have a meaning without processes and memory of one's own."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from sroute.exports.module import Module
from sroute.exports.rpc import Flat, RpcFault, RpcValue
from sroute.modules.core.module import Core, core
from sroute.runtime.services import Services

FLAGS = (
    "USE_TCP, USE_TLS, USE_SCTP, TLS_HOOKS, USE_RAW_SOCKS, DISABLE_NAGLE, USE_MCAST, DNS_IP_HACK, SHM_MMAP, PKG_MALLOC, Q_MALLOC, "
    "F_MALLOC, TLSF_MALLOC, DBG_SR_MEMORY, USE_FUTEX, FAST_LOCK-ADAPTIVE_WAIT, USE_DNS_CACHE, USE_DNS_FAILOVER, USE_NAPTR, "
    "USE_DST_BLOCKLIST, HAVE_RESOLV_RES, TLS_PTHREAD_MUTEX_SHARED"
)
"""What the Debian package of 5.6.3 was built with."""
TIMERS = ("slow timer", "timer", "secondary timer")
NAME, UNKNOWN = "kamailio", "unknown "
_DAY = 86400
MOST_CONNECTIONS = 2048
Arguments = Sequence[Any]


class Loaded(Protocol):
    """What the names of a script know of its modules."""

    modules: list[Module[Any]]
    defines: Mapping[str, str | None]


@core.hooks.init.append
def _init(state: Core, scope: Any) -> None:
    state.names = scope.names


def _known(state: Core) -> Loaded:
    return cast(Loaded, state.names)


# ------------------------------------------------------------ system


@core.rpc("system.listMethods", array=True)
def list_methods(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Lists all RPC methods supported by the server."""
    return [*sorted({name for module in _known(state).modules for name, rpc in module.rpcs.items() if rpc.implementation})]


@core.rpc("system.methodHelp", "method")
def method_help(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Print the help string for given method."""
    if not args or not isinstance(args[0], str):
        raise RpcFault(400, "Method Name Expected")
    for module in _known(state).modules:
        found = module.rpcs.get(args[0])
        if found is not None:
            return found.doc.partition("\n")[0]
    raise RpcFault(400, "command not found")


@core.rpc("system.methodSignature", "method")
def method_signature(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns signature of given method: 5.6.3 has none."""
    raise RpcFault(500, "Not Implemented Yet")


# ------------------------------------------------------------ texts


@core.rpc("core.prints", "text")
def prints(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns the string parameter."""
    return _typed(args, str, "string")


@core.rpc("core.printi", "number")
def printi(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns the int parameter."""
    return _typed(args, int, "integer")


def _typed(args: Arguments, kind: type[int] | type[str], name: str) -> RpcValue:
    if not args:
        return None
    found: RpcValue = args[0]
    if not isinstance(found, kind):
        raise RpcFault(400, f"error at parameter 0: expected {name} type but record doesn't match type")
    return found


@core.rpc("core.echo", "value ...", array=True)
def echo(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns its parameters."""
    return [*args]


# ------------------------------------------------------------ versions and times


@core.rpc("core.version")
def version(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns the version string of the server."""
    return f"{NAME} {services.dialect.version} (x86_64/linux) "


@core.rpc("core.flags")
def flags(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns the compile flags."""
    return FLAGS


@core.rpc("core.info")
def info(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Verbose info, including version number and compile flags."""
    return {"version": f"{NAME} {services.dialect.version}", "id": UNKNOWN, "compiler": "gcc 12.2.0", "compiled": "", "flags": FLAGS}


@core.rpc("core.uptime")
def uptime(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns uptime of SIP server."""
    clock = services.clock
    return {"now": time.ctime(clock.now()), "up_since": time.ctime(clock.started), "uptime": int(clock.uptime())}


@core.rpc("core.runinfo")
def runinfo(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Core run info: version, times."""
    clock, seconds = services.clock, int(services.clock.uptime())
    return {
        "name": NAME,
        "version": services.dialect.version,
        "sourceid": UNKNOWN,
        "compiler": "gcc 12.2.0",
        "compiled": "",
        "time_now": time.ctime(clock.now()),
        "time_started": time.ctime(clock.started),
        "uptime_secs": seconds,
        "utime_days": f"{seconds // _DAY}d {seconds % _DAY // 3600}h {seconds % 3600 // 60}m {seconds % 60}s",
    }


# ------------------------------------------------------------ processes


def _processes(services: Services) -> list[tuple[int, int, str]]:
    """The processes that are simulated: pid, rank, description."""
    worker = services.process()
    found = [(worker.pid - 2, 0, "main process - attendant")]
    for number, socket in enumerate(socket for socket in services.sockets.listen if socket.endpoint.proto == "udp"):
        shown = f" ({socket.advertise[0]}:{socket.advertise[1] or socket.endpoint.port})" if socket.advertise else ""
        found.append((worker.pid + number, 1 + number, f"udp receiver child=0 sock={socket.endpoint.host}:{socket.endpoint.port}{shown}"))
    last = found[-1][0]
    return found + [(last + 1 + number, -1, name) for number, name in enumerate(TIMERS)]


@core.rpc("core.ps", array=True)
def ps(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns the description of running processes: a number and a name each."""
    listed: list[RpcValue] = []
    for pid, _, name in _processes(services):
        listed += [pid, name]
    return listed


@core.rpc("core.psx", array=True)
def psx(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns the detailed description of running processes."""
    return [{"IDX": index, "PID": pid, "DSC": name} for index, (pid, _, name) in enumerate(_processes(services))]


@core.rpc("core.psa", array=True)
def psa(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Returns all the description of running processes."""
    return [
        {"index": index, "pid": pid, "status": 1, "rank": rank, "description": name}
        for index, (pid, rank, name) in enumerate(_processes(services))
    ]


# ------------------------------------------------------------ what the script says


@core.rpc("core.modules", array=True)
def modules(state: Core, services: Services, args: Arguments) -> RpcValue:
    """List of loaded modules, the last one first."""
    return [module.name for module in reversed(_known(state).modules) if module.name != "core"]


@core.rpc("core.ppdefines", array=True)
def ppdefines(state: Core, services: Services, args: Arguments) -> RpcValue:
    """List of preprocessor defines."""
    return [*_known(state).defines]


@core.rpc("core.ppdefines_full", array=True)
def ppdefines_full(state: Core, services: Services, args: Arguments) -> RpcValue:
    """List of preprocessor defines, with their texts."""
    return [{"name": name, "type": 0, "value": text or "none"} for name, text in _known(state).defines.items()]


@core.rpc("core.sockets_list")
def sockets_list(state: Core, services: Services, args: Arguments) -> RpcValue:
    """List of listening sockets."""
    listed = []
    for socket in services.sockets.listen:
        end, virtual = socket.endpoint, "yes" if socket.virtual else "no"
        shown = {"proto": end.proto, "address": end.ip, "port": str(end.port), "mcast": "no", "mhomed": "no", "virtual": virtual}
        listed.append({"socket": cast(RpcValue, shown)})
    return Flat(listed)


@core.rpc("core.aliases_list")
def aliases_list(state: Core, services: Services, args: Arguments) -> RpcValue:
    """List of the script's aliases, the last one first; those that Kamailio finds by reverse DNS are not among them."""
    listed: list[RpcValue] = [
        {"alias": {"proto": proto or "*", "address": host, "port": port or "*"}} for proto, host, port in reversed(services.sockets.aliases)
    ]
    return {"myself_callbacks": "no", "aliases": Flat(listed)}


@core.rpc("core.tcp_info")
def tcp_info(state: Core, services: Services, args: Arguments) -> RpcValue:
    """Show TCP related info: a simulated network has no connections; a served instance counts its own."""
    most = services.cfg("core", "tcp_max_connections")
    shown = most if isinstance(most, int) else MOST_CONNECTIONS
    return {
        "readers": 0,
        "max_connections": shown,
        "max_tls_connections": MOST_CONNECTIONS,
        "opened_connections": 0,
        "opened_tls_connections": 0,
        "write_queued_bytes": 0,
    }
