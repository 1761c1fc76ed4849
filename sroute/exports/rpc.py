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
