"""What the modules have in common that call functions of a KEMI file."""

from dataclasses import dataclass

from sroute.errors import NotSimulatedError
from sroute.runtime.run import Run
from sroute.runtime.services import Services


@dataclass(slots=True)
class Caller:
    """The state of such a module."""

    services: Services | None = None

    def call(self, name: str, function: str, run: Run, *args: str | None) -> int:
        """Calls a function of the file: its code.

        Raises NotSimulatedError without a file.
        """
        assert self.services is not None
        code = self.services.call_kemi(function, tuple(arg for arg in args if arg is not None), run)
        if code is None:
            raise NotSimulatedError(
                f"{name}() calls a function of a KEMI file: give it with --kemi FILE, or the result with --stub '{name}=1'"
            )
        return code
