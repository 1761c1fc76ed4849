"""The ipops module itself: it has no parameters."""

from dataclasses import dataclass, field
from typing import Any

from sroute.exports.module import Module
from sroute.runtime.run import Run
from sroute.runtime.services import Services


@dataclass(slots=True)
class IpOps:
    """The instance that the module serves, and the containers that the script's variables name, by variable."""

    services: Services | None = None
    containers: dict[str, set[str]] = field(default_factory=dict)

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "ipops", run.at)


ipops = Module("ipops", IpOps, "Tests of IP addresses: kind, purpose, subnets; addresses of names.")


def _init(state: IpOps, scope: Any) -> None:
    state.services = scope.services


ipops.hooks.init.append(_init)
