"""The commands that an instance answers while it serves: the instance's own RPC, and what only a server knows."""

from collections.abc import Callable, Sequence

from sroute.errors import SrouteError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.instance.instance import Instance
from sroute.runtime.clock import RealClock

LONGEST = 100 * 365 * 86400.0
Arguments = Sequence[object]


class Commands:
    """All RPC commands of a served instance."""

    def __init__(self, instance: Instance) -> None:
        """instance is the one that is served."""
        self._instance = instance
        self._own: dict[str, Callable[[Arguments], RpcValue]] = {"sroute.advance": self._advance, "system.listMethods": self._list}

    def add(self, name: str, call: Callable[[Arguments], RpcValue]) -> None:
        """A command that the server answers itself."""
        self._own[name] = call

    def known(self, name: str) -> bool:
        """Whether there is a command of that name."""
        return name in self._own or any(name in module.rpcs for module in self._instance.program.modules)

    def call(self, name: str, args: Arguments) -> RpcValue:
        """Calls a command.

        Raises RpcFault.
        """
        own = self._own.get(name)
        try:
            return own(args) if own is not None else self._instance.rpc(name, args)
        except RpcFault:
            raise
        except SrouteError as error:
            raise RpcFault(500, str(error)) from None

    def _list(self, args: Arguments) -> RpcValue:
        known = self._instance.rpc("system.listMethods", args)
        return sorted({*known, *self._own})

    def _advance(self, args: Arguments) -> RpcValue:
        if isinstance(self._instance.clock, RealClock):
            raise RpcFault(500, "the clock is the real one: serve with --virtual-clock")
        try:
            seconds = float(str(args[0]))
        except (IndexError, ValueError):
            raise RpcFault(500, "Not enough parameters (seconds)") from None
        if not 0 <= seconds <= LONGEST:
            raise RpcFault(500, "seconds out of range")
        self._instance.advance(seconds)
        return f"Ok. {seconds:g} s later."
