"""The pv module itself: its state, its parameters and its RPC commands; the variables stand in the other rooms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.exports.rpc import Flat, RpcFault, RpcValue
from sroute.runtime.avp import AvpName
from sroute.runtime.services import Services
from sroute.runtime.values import Value, parse_int


@dataclass(slots=True)
class Shared:
    """What the pv module keeps in an instance: `$shv` and what its parameters say."""

    shared: dict[str, Value] = field(default_factory=dict)
    initial: dict[str, Value] = field(default_factory=dict)
    """`varset`: what each worker's `$var` begin with."""
    aliases: dict[str, AvpName] = field(default_factory=dict)
    """`avp_aliases`: other names of AVPs."""
    classes: bool = False
    """Whether the script names a class of AVPs (`$avp(g.name)`)."""
    mentioned: tuple[str, ...] = ()
    """The `$var` that the script names: they exist from the start."""
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services


pv = Module("pv", Shared, "Pseudo-variables, transformations and XAVPs.")


def typed(text: int | str, name: str) -> tuple[str, Value]:
    """A parameter `name=i:5` or `name=s:text` in name and value.

    Raises ParamError.
    """
    key, equal, rest = str(text).strip().partition("=")
    kind, colon, value = rest.partition(":")
    if not equal or not key.strip() or not colon or kind not in ("i", "I", "s", "S"):
        raise ParamError(f"unable to set {name} [{text}]: write name=i:5 or name=s:text")
    if kind in "sS":
        return key.strip(), value
    number = parse_int(value)
    if number is None:
        raise ParamError(f"unable to set {name} [{text}]: {value!r} is no number")
    return key.strip(), number


@pv.param("shvset", "str")
def shvset(state: Shared, value: int | str) -> None:
    """A `$shv` at start: `name=i:7` or `name=s:text`."""
    name, first = typed(value, "shv")
    state.shared[name] = first


@pv.param("varset", "str")
def varset(state: Shared, value: int | str) -> None:
    """A `$var` at start of each worker: `name=i:7` or `name=s:text`."""
    name, first = typed(value, "var")
    state.initial[name] = first


@pv.param("avp_aliases", "str")
def avp_aliases(state: Shared, value: int | str) -> None:
    """Other names of AVPs: `email=s:email_addr;tmp=i:100`."""
    for part in str(value).split(";"):
        alias, equal, target = (piece.strip() for piece in part.partition("="))
        if not alias and not equal:
            continue
        kind, colon, name = target.partition(":")
        if not alias or not target or (colon and kind not in ("i", "I", "s", "S")):
            raise ParamError(f"avp_aliases: {part.strip()!r} is not alias=name")
        if colon and kind in "iI":
            if not name.isdigit():
                raise ParamError(f"avp_aliases: invalid ID <{name}> - not a number")
            state.aliases[alias] = int(name)
        else:
            state.aliases[alias] = name if colon else target


def _begin(state: Shared, scope: Any) -> None:
    scope.services.process().vars.update(state.initial)
    state.mentioned = tuple(pv.inner for pv in scope.every_pv() if pv.spec.name in ("var", "vz") and isinstance(pv.inner, str))


def _init(state: Shared, scope: Any) -> None:
    state.services = scope.services


pv.hooks.init.append(_init)
pv.hooks.child_init.append(_begin)


_TAKES = "(Parameters: varname type value)"


def _shown(name: str, value: Value) -> dict[str, RpcValue]:
    if isinstance(value, str):
        return {"name": name, "type": "string", "value": value}
    return {"name": name, "type": "int", "value": value}


@pv.rpc("pv.shvGet", "[name]", array=True)
def shv_get(state: Shared, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Show one `$shv`, or all of them."""
    if not arguments:
        return {"items": Flat({"shv": _shown(name, value)} for name, value in reversed(state.shared.items()))}
    name = str(arguments[0])
    if name not in state.shared:
        raise RpcFault(404, "Variable not found")
    return _shown(name, state.shared[name])


@pv.rpc("pv.shvSet", "name type value")
def shv_set(state: Shared, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Set a `$shv` that there is: name, `int` or `str`, value."""
    if len(arguments) < 2:
        raise RpcFault(500, f"Missing parameter {('varname', 'type')[len(arguments)]} {_TAKES}")
    name, kind = str(arguments[0]), str(arguments[1])
    if name not in state.shared:
        raise RpcFault(404, "Variable not found")
    if kind not in ("int", "str"):
        raise RpcFault(500, "Unknown parameter type (Types: int or str)")
    value = arguments[2] if len(arguments) > 2 else None
    number = parse_int(value) if isinstance(value, str) else value
    if kind == "int" and not isinstance(number, int):
        raise RpcFault(500, f"Missing integer parameter value {_TAKES}")
    if value is None:
        raise RpcFault(500, f"Missing parameter value {_TAKES}")
    state.shared[name] = number if kind == "int" else str(value)
    return "Ok. Variable set to new value."
