"""cfg_rpc: values of the configuration read and changed by RPC: the script's own globals, and a few of the core."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import Scope
from sroute.exports.module import Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.runtime.services import Services

_INSTANCE = re.compile(r"(.+)\[(\d+)\]\Z")
_READABLE = frozenset(["debug", "max_while_loops"])
"""Fields of the core that count here while an instance runs."""
Place = tuple[str, str]
Arguments = Sequence[Any]


@dataclass(slots=True)
class Waiting:
    """Values that were set and are not yet committed."""

    values: dict[Place, int | str] = field(default_factory=dict)


cfg_rpc = Module("cfg_rpc", Waiting, "Values of the configuration by RPC: cfg.get, cfg.set_now_int, cfg.set_delayed_int, cfg.commit ...")


@cfg_rpc.hooks.init.append
def _init(state: Waiting, scope: Scope) -> None:
    state.values.clear()


def _text(args: Arguments, index: int) -> str:
    if index >= len(args):
        raise RpcFault(400, f"error at parameter {index}: expected string type but end of packet encountered")
    if not isinstance(args[index], str):
        raise RpcFault(400, f"error at parameter {index}: expected string type but record doesn't match type")
    return str(args[index])


def _place(services: Services, args: Arguments, fault: str) -> Place:
    """The group and field that a command names, if there is one."""
    group, name = _text(args, 0), _text(args, 1)
    if _INSTANCE.match(group):
        raise RpcFault(500, f"instances of groups ({group}) are not simulated by RPC")
    known = name in _READABLE if group == "core" else (group, name) in services.cfg_fields()
    if not known or services.cfg(group, name) is None:
        raise RpcFault(400, fault)
    return group, name


# ------------------------------------------------------------ reading


@cfg_rpc.rpc("cfg.get", "group [field]")
def get(state: Waiting, services: Services, args: Arguments) -> RpcValue:
    """Get the value of a configuration variable, or of all of a group."""
    if not args:
        raise RpcFault(500, "Failed to get the parameters")
    if len(args) == 1:
        group = _text(args, 0)
        names = [known for owner, known in services.cfg_fields() if owner == group]
        if group != "core" and names:
            return {name: services.cfg(group, name) for name in names}
        raise RpcFault(500, f"cfg.get {group} without a field is not simulated" if group == "core" else "Failed to get the variable")
    return services.cfg(*_place(services, args, "Failed to get the variable"))


@cfg_rpc.rpc("cfg.list", "group", array=True)
def list_all(state: Waiting, services: Services, args: Arguments) -> RpcValue:
    """List the configuration variables of a group of the script."""
    if not args or args[0] in ("core", "tcp", "tm", "xlog", "sctp", "tls"):
        raise RpcFault(500, "cfg.list is simulated for the groups of the script only: cfg.list GROUP")
    return [f"{group}: {name}" for group, name in services.cfg_fields() if group == _text(args, 0)]


@cfg_rpc.rpc("cfg.help", "group field", array=True)
def describe(state: Waiting, services: Services, args: Arguments) -> RpcValue:
    """Print the description of a configuration variable."""
    place = _place(services, args, "Failed to get the variable description")
    if place not in services.cfg_fields():
        raise RpcFault(500, f"cfg.help {place[0]} {place[1]} is not simulated")
    kind = "integer" if isinstance(services.cfg(*place), int) else "string"
    return [services.cfg_fields()[place], f"(parameter type is {kind})"]


# ------------------------------------------------------------ changing


def _given(args: Arguments, kind: type[int] | type[str] | None) -> int | str:
    """The new value, of the type that a command takes."""
    if len(args) <= 2:
        raise RpcFault(400, f"error at parameter 2: expected {'integer' if kind is int else 'string'} type but end of packet encountered")
    value = args[2]
    if kind is int and not isinstance(value, int):
        raise RpcFault(400, "error at parameter 2: expected integer type but record doesn't match type")
    if kind is str and not isinstance(value, str):
        raise RpcFault(400, "error at parameter 2: expected string type but record doesn't match type")
    return value if isinstance(value, int) else str(value)


def _changing(kind: type[int] | type[str] | None, *, now: bool) -> Callable[[Waiting, Services, Arguments], RpcValue]:
    def change(state: Waiting, services: Services, args: Arguments) -> RpcValue:
        group, name = _text(args, 0), _text(args, 1)
        value = _given(args, kind)
        _place(services, args, "Failed to set the variable")
        if not now:
            state.values[group, name] = value
        elif not services.set_cfg(group, name, value):
            raise RpcFault(400, "Failed to set the variable")
        return None

    return change


def _documented(change: Callable[[Waiting, Services, Arguments], RpcValue], doc: str) -> Callable[[Waiting, Services, Arguments], RpcValue]:
    change.__doc__ = doc
    return change


_SETTERS: dict[str, tuple[type[int] | type[str] | None, bool]] = {
    "cfg.set": (None, True),
    "cfg.set_now_int": (int, True),
    "cfg.seti": (int, True),
    "cfg.set_now_string": (str, True),
    "cfg.sets": (str, True),
    "cfg.set_delayed": (None, False),
    "cfg.set_delayed_int": (int, False),
    "cfg.set_delayed_string": (str, False),
}
for _name, (_kind, _now) in _SETTERS.items():
    _when = "immediately" if _now else "with the next cfg.commit"
    cfg_rpc.rpc(_name, "group field value")(_documented(_changing(_kind, now=_now), f"Set a configuration variable {_when}."))


@cfg_rpc.rpc("cfg.commit")
def commit(state: Waiting, services: Services, args: Arguments) -> RpcValue:
    """Commit the previously delayed changes."""
    for (group, name), value in state.values.items():
        services.set_cfg(group, name, value)
    state.values.clear()
    return None


@cfg_rpc.rpc("cfg.rollback")
def rollback(state: Waiting, services: Services, args: Arguments) -> RpcValue:
    """Drop the previously delayed changes."""
    state.values.clear()
    return None


@cfg_rpc.rpc("cfg.diff", array=True)
def diff(state: Waiting, services: Services, args: Arguments) -> RpcValue:
    """List the pending changes that have not been committed yet."""
    return [
        {"group name": group, "variable name": name, "old value": services.cfg(group, name), "new value": value}
        for (group, name), value in state.values.items()
    ]


def _no_instances(command: str) -> Callable[[Waiting, Services, Arguments], RpcValue]:
    def refuse(state: Waiting, services: Services, args: Arguments) -> RpcValue:
        if not _INSTANCE.match(_text(args, 0)):
            raise RpcFault(400, 'Wrong group syntax. Use "group[id]"')
        raise RpcFault(500, f"{command} is not simulated: instances of groups are those of the script")

    return refuse


for _name in ("cfg.add_group_inst", "cfg.del_group_inst"):
    cfg_rpc.rpc(_name, "group[id]")(_documented(_no_instances(_name), "Add or delete an instance of a group: not simulated."))
