"""rtimer: routes that a timer runs, on the run's clock, with a faked request."""

from dataclasses import dataclass, field
from typing import Any

from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.runtime.run import Process, Run
from sroute.runtime.services import Services
from sroute.sip import params

MILLION = 1_000_000


@dataclass(slots=True)
class Timer:
    """A timer: microseconds between two runs (0: the default), how many processes of its own it has, its routes."""

    name: str
    interval: int = 0
    mode: int = 0
    routes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Timers:
    """The timers of the script."""

    default_interval: int = 120
    timers: dict[str, Timer] = field(default_factory=dict)
    services: Services | None = None
    main: Process | None = None
    """The process of timers without one of their own."""


rtimer = Module("rtimer", Timers, "Routes that run at an interval.")
rtimer.setting("default_interval", "int", doc="The interval in seconds of timers without one (120).")


def pairs(text: str) -> list[tuple[str, str]]:
    """Parameters `name=value;name=value`; one semicolon may stand at the end.

    Raises ParamError.
    """
    parsed = params.parse(text.removesuffix(";")) if text else ([], 0)
    if parsed is None:
        raise ParamError(f"cannot parse {text!r}")
    return [(param.name, param.value or "") for param in parsed[0]]


def number(value: str, what: str) -> int:
    """An unsigned number; the empty text is 0.

    Raises ParamError.
    """
    if value and not (value.isascii() and value.isdigit() and len(value) <= 10):
        raise ParamError(f"invalid {what}: {value}")
    return int(value or 0)


@rtimer.param("timer", "str")
def timer(state: Timers, value: int | str) -> None:
    """Defines a timer: `name=x;interval=30;mode=1`; `interval=500000u` is in microseconds, mode is how many processes it has."""
    made = Timer("")
    for name, text in pairs(str(value)):
        if name == "name":
            made.name = text
        elif name == "interval":
            made.interval = number(text[:-1], "interval") if text.endswith("u") else number(text, "interval") * MILLION
        elif name == "mode":
            made.mode = number(text, "mode")
    if not made.name:
        raise ParamError("invalid timer name")
    if made.name in state.timers:
        raise ParamError(f"duplicate timer with same name: {made.name}")
    state.timers[made.name] = made


@rtimer.param("exec", "str")
def execute(state: Timers, value: int | str) -> None:
    """A route that a timer runs: `timer=x;route=NAME`. The route that is given last runs first."""
    given = dict(pairs(str(value)))
    known = state.timers.get(given.get("timer", ""))
    if known is None:
        raise ParamError(f"timer not found - name: {given.get('timer', '')}", "MD025")
    known.routes.insert(0, given.get("route", ""))


@rtimer.hooks.child_init.append
def _start(state: Timers, scope: Any) -> None:
    services = state.services = scope.services
    worker = services.process()
    state.main = Process(0, worker.pid + 1)
    pid = worker.pid + 2
    # Each timer is put in front of those before it, and so are their processes.
    for made in reversed(state.timers.values()):
        seconds = made.interval / MILLION or state.default_interval
        for place in range(made.mode or 1):
            process = state.main if made.mode == 0 else Process(0, pid + place)
            process.module_state["rtimer"] = place
            services.timers.every(seconds, _Tick(services, made, process, place))
        pid += made.mode


@dataclass(frozen=True, slots=True)
class _Tick:
    """One run of a timer in one of its processes."""

    services: Services
    timer: Timer
    process: Process
    place: int

    def __call__(self) -> None:
        self.process.module_state["rtimer"] = self.place
        for route in self.timer.routes:
            if route:
                self.services.run_named(route, self.process)


@rtimer.variable("rtimer_worker", static="int")
def rtimer_worker(run: Run) -> int:
    """Which of a timer's processes runs, from 0.

    Example: xlog("$rtimer_worker\\n");
    """
    place = run.process.module_state.get("rtimer", 0)
    return place if isinstance(place, int) else 0
