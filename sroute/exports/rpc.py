"""RPC commands as modules declare them, and what they answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sroute.errors import SrouteError


class RpcFault(SrouteError):
    """A command that answered with a fault: code and message."""

    def __init__(self, code: int, message: str) -> None:
        """code as Kamailio gives it, 400 or 500 mostly."""
        super().__init__(message)
        self.code = code
        self.message = message


RpcValue = int | float | str | list["RpcValue"] | dict[str, "RpcValue"] | None


class Flat(list["RpcValue"]):
    """A list of structures that kamcmd shows without the braces around each: one name may come several times."""


class NullText(str):
    """A text that is not there: kamcmd shows `<null string>`, JSON-RPC `null`."""

    __slots__ = ()


NULL_TEXT = NullText("<null string>")


class JsonText(str):
    """Text that came by JSON-RPC: for a command that takes a number it is 0, whatever it says."""

    __slots__ = ()


class JsonNumber(float):
    """A number by JSON-RPC with a fraction, or beyond 32 bits: a command that takes text gets its whole part."""

    __slots__ = ()


def json_arguments(params: object) -> list[object]:
    """The arguments of a JSON-RPC request; of an object the values count, in their order."""
    values = list(params.values()) if isinstance(params, dict) else list(params) if isinstance(params, list | tuple) else []
    return [_from_json(value) for value in values]


def _from_json(value: object) -> object:
    if isinstance(value, str):
        return JsonText(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return value if isinstance(value, int) and -(1 << 31) <= value < 1 << 31 else JsonNumber(value)


RpcImplementation = Callable[[Any, Any, Sequence[Any]], RpcValue]
"""(state, services, arguments) -> result; several results of one call are a list."""


@dataclass(frozen=True, slots=True)
class Rpc:
    """The declaration of one command; arguments arrive as int, float or str."""

    name: str
    module: str
    implementation: RpcImplementation | None
    doc: str
    params: str = ""
    array: bool = False
    """The command always answers an array (Kamailio's RET_ARRAY)."""
