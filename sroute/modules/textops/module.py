"""The textops module itself: it has no parameters."""

from dataclasses import dataclass
from typing import Any

from sroute.exports.module import Module
from sroute.runtime.run import Run
from sroute.runtime.services import Services


@dataclass(slots=True)
class TextOps:
    """The instance that the module serves."""

    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "textops", run.at)

    def unreadable(self, run: Run) -> bool:
        """Whether the headers can't be read to their end, which Kamailio complains of."""
        if run.message.complete:
            return False
        self.complain(run, "error while parsing message headers")
        return True


textops = Module("textops", TextOps, "Tests and changes of headers, bodies and texts.")


def _init(state: TextOps, scope: Any) -> None:
    state.services = scope.services


textops.hooks.init.append(_init)
