"""The tmx module itself."""

from dataclasses import dataclass
from typing import Any

from sroute.exports.module import InitError, Module
from sroute.modules.tm.binding import Tm
from sroute.runtime.run import Run
from sroute.runtime.services import Services


@dataclass(slots=True)
class Extensions:
    """The module's parameter, and the tm that it extends."""

    precheck_trans: int = 1
    services: Services | None = None
    tm: Tm | None = None

    @property
    def transactions(self) -> Tm:
        """The tm of the instance."""
        assert self.tm is not None
        return self.tm

    def complain(self, run: Run, level: str, text: str) -> None:
        """What Kamailio logs."""
        assert self.services is not None
        self.services.diag(level, text, "tmx", run.at)


tmx = Module("tmx", Extensions, "Variables of transactions, and more functions for them.", requires=("tm",))
tmx.setting("precheck_trans", "int", doc="t_precheck_trans() looks for the same request in other processes (1).")


def _init(state: Extensions, scope: Any) -> None:
    state.services = scope.services
    tm = scope.services.state("tm") if scope.services.loaded("tm") else None
    if not isinstance(tm, Tm):
        raise InitError("can't load TM API")
    state.tm = tm


tmx.hooks.init.append(_init)
