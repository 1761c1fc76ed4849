"""RPC commands."""

from collections.abc import Sequence
from typing import Any

from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.debugger.declaration import DEFAULT_FACILITY, FACILITIES, STOPPED, TRACED, Debugger, debugger
from sroute.runtime.services import Services

DONE = "200 ok"
_ALL, _ONE = ("on", "off", "release"), ("keep", "next", "move", "show", "eval", "log")


def _pid(services: Services, arguments: Sequence[Any], *, needed: bool = False) -> int | None:
    """The process that is meant; None for all."""
    given = arguments[1] if len(arguments) > 1 else None
    if not isinstance(given, int):
        if needed:
            raise RpcFault(500, "Missing pid parameter")
        return None
    if given != services.process().pid:
        raise RpcFault(500, "No such pid")
    return given


@debugger.rpc("dbg.ls", "[pid]")
def ls(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows what processes are set to (1 logs its actions, 2 stops at each); sroute has one, the worker."""
    process = services.process()
    _pid(services, ["", *arguments])
    flags = (TRACED if state.cfgtrace else 0) | (STOPPED if state.breakpoint else 0)
    return {"entry": process.rank, "pid": process.pid, "set": flags, "state": 0, "in.pid": 0, "in.cmd": 0}


@debugger.rpc("dbg.trace", "on|off [pid]")
def trace(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Begins or ends to log each action."""
    if not arguments:
        raise RpcFault(500, "Config trace command missing")
    if arguments[0] not in ("on", "off"):
        raise RpcFault(500, "Unknown trace command")
    _pid(services, arguments)
    state.cfgtrace = int(arguments[0] == "on")
    return DONE


@debugger.rpc("dbg.bp", "on|off|release|keep|next|move|show|eval|log [pid] [variable]")
def bp(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Switches breakpoints at each action on and off; what asks a process that stands at one says 200 while none does."""
    if not arguments:
        raise RpcFault(500, "Config breakpoint command missing")
    command = str(arguments[0])
    if command not in _ALL + _ONE:
        raise RpcFault(500, "Unknown inner command")
    _pid(services, arguments, needed=command in _ONE)
    if command in ("eval", "log") and len(arguments) < 3:
        raise RpcFault(500, "pv param missing")
    if command in _ALL:
        state.breakpoint = int(command == "on")
    return DONE


@debugger.rpc("dbg.get_mod_level", "module")
def get_mod_level(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows a module's log level: its own, or the one of all."""
    return services.levels.get(_name(arguments), services.debug)


@debugger.rpc("dbg.set_mod_level", "module level")
def set_mod_level(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Gives a module a log level of its own."""
    name = _name(arguments)
    if len(arguments) < 2 or not isinstance(arguments[1], int):
        raise RpcFault(500, "invalid parameters")
    _storable(state)
    state.levels[name] = arguments[1]
    state.apply_levels()
    return DONE


@debugger.rpc("dbg.get_mod_facility", "module")
def get_mod_facility(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows a module's facility of syslog: its own, or the one of all."""
    name = _name(arguments)
    return state.facilities.get(name, DEFAULT_FACILITY) if state.mod_facility_mode else DEFAULT_FACILITY


@debugger.rpc("dbg.set_mod_facility", "module facility")
def set_mod_facility(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Gives a module a facility of syslog of its own."""
    name = _name(arguments)
    if len(arguments) < 2:
        raise RpcFault(500, "invalid parameters")
    if arguments[1] not in FACILITIES:
        raise RpcFault(500, "facility not found")
    _storable(state)
    state.facilities[name] = str(arguments[1])
    return DONE


def _name(arguments: Sequence[Any]) -> str:
    if not arguments or not isinstance(arguments[0], str):
        raise RpcFault(500, "invalid parameters")
    return arguments[0]


def _storable(state: Debugger) -> None:
    if state.mod_hash_size <= 0:
        raise RpcFault(500, "cannot store parameter")


@debugger.rpc("dbg.reset_msgid")
def reset_msgid(state: Debugger, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Lets `$mi` begin anew with the next message."""
    if not state.reset_msgid:
        raise RpcFault(500, "reset_msgid is 0. Set it to 1 to enable.")
    services.restart_numbers()
    return DONE
