"""What `KSR` offers, as declarations: the names, parameters and results of Kamailio 5.6.3."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sroute.exports.fixups import FORMAT, INTEGER, AnyFixup
from sroute.exports.module import Module
from sroute.kemi.engine import Context
from sroute.modules.htable.keys import NUMBER
from sroute.modules.tm.arguments import MAYBE_INT, MAYBE_TEXT
from sroute.runtime.values import Value

Kind = Literal["str", "int"]
Result = Value | bool

_KINDS: tuple[tuple[AnyFixup, Kind], ...] = (
    (FORMAT, "str"),
    (MAYBE_TEXT, "str"),
    (INTEGER, "int"),
    (NUMBER, "int"),
    (MAYBE_INT, "int"),
)


@dataclass(frozen=True, slots=True)
class KemiFunction:
    """One function of KSR: `module` is "" for those of KSR itself; call gets the context and the arguments."""

    module: str
    name: str
    params: tuple[Kind, ...]
    call: Callable[..., Result]


def declared(module: Module[Any], names: Iterable[str]) -> list[KemiFunction]:
    """Functions of a script that KEMI offers with the same parameters and results, from their declarations."""
    return [_declared(module, name) for name in names]


def _declared(module: Module[Any], name: str) -> KemiFunction:
    function = max((found for (known, _), found in module.functions.items() if known == name), key=lambda found: len(found.params))
    implementation = function.implementation

    def call(context: Context, *args: Value) -> Result:
        result: int = implementation(context.services.state(module.name), context.running, *args)
        return result

    return KemiFunction(module.name, name, tuple(_kind(param) for param in function.params), call)


def _kind(param: AnyFixup) -> Kind:
    for fixup, kind in _KINDS:
        if param is fixup:
            return kind
    raise AssertionError(f"no KEMI type for {param}")
