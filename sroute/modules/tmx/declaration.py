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


def _figures(tm: Tm) -> dict[str, int]:
    """The figures of tm, as `$stat` and RPC show them."""
    has = tm.counters
    relayed = has.sent - has.generated
    return {
        **{f"{first}xx_transactions": has.classes[first] for first in range(2, 7)},
        "UAC_transactions": has.local,
        "UAS_transactions": has.created,
        "active_transactions": has.created - has.freed - has.waiting,
        "inuse_transactions": has.created - has.freed,
        "rpl_absorbed": has.received - relayed,
        "rpl_generated": has.generated,
        "rpl_received": has.received,
        "rpl_relayed": relayed,
        "rpl_sent": has.sent,
    }


def _init(state: Extensions, scope: Any) -> None:
    state.services = scope.services
    tm = scope.services.state("tm") if scope.services.loaded("tm") else None
    if not isinstance(tm, Tm):
        raise InitError("can't load TM API")
    state.tm = tm
    scope.services.counters.sample("tmx", scope.services.clock.uptime, lambda: _figures(tm))


tmx.hooks.init.append(_init)
