"""The textopsx module itself: it has no parameters."""

from dataclasses import dataclass
from typing import Any

from sroute.exports.module import Module
from sroute.runtime.run import Run
from sroute.runtime.services import Services


@dataclass(slots=True)
class TextOpsX:
    """The instance that the module serves."""

    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "textopsx", run.at)


textopsx = Module("textopsx", TextOpsX, "Applies changes at once; edits values of header lists; walks over headers and body lines.")


def _init(state: TextOpsX, scope: Any) -> None:
    state.services = scope.services


textopsx.hooks.init.append(_init)
