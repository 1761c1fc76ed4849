"""timer: routes that run in intervals, which the script can switch on and off."""

import re
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.exports.select import Factory, Parts
from sroute.modules.xhttp import HttpRequest
from sroute.runtime.run import Process, Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import parse_int
from sroute.sip.endpoint import Endpoint

FAKED = "GET /timer HTTP/0.9\r\n\r\n"
"""What a route of a timer sees as its message."""
_DEFINITION = re.compile(r"(\w+)=(\w+),(\d{1,9})(?:,(slow|fast)?(?:,(enable)?)?)?", re.A)


@dataclass(slots=True)
class Timer:
    """One timer. A disabled one is only taken out when it would run the next time (ending)."""

    name: str
    route: str
    interval: float
    fast: bool
    enabled: bool = False
    ending: bool = False


@dataclass(slots=True)
class Timers:
    """The timers of the script."""

    timers: dict[str, Timer] = field(default_factory=dict)
    executed: str | None = None
    services: Services | None = None
    slow: Process | None = None
    quick: Process | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def find(self, name: str) -> Timer:
        """A timer.

        Raises FixupError where it is not declared.
        """
        found = self.timers.get(name)
        if found is None:
            raise FixupError(f"timer '{name}' not declared", hint=f'modparam("timer", "declare_timer", "{name}=ROUTE,1000")')
        return found

    def arm(self, made: Timer) -> None:
        """Sets a timer for its next run."""
        if made.interval > 0:
            self.instance.timers.after(made.interval, lambda: self._fire(made))

    def _fire(self, made: Timer) -> None:
        if made.ending:
            made.enabled = made.ending = False
            return
        process = self.quick if made.fast else self.slow
        assert process is not None
        address = Endpoint("udp", "0.0.0.0", 0)
        self.executed = made.name
        message = HttpRequest(FAKED, address, address)
        count = process.module_state.get("timer")
        message.number = process.module_state["timer"] = count + 1 if isinstance(count, int) else 1
        self.instance.run_named(made.route, process, message)
        self.executed = None
        self.arm(made)


timer = Module("timer", Timers, "Routes that run in intervals, which the script can switch on and off.")


@timer.param("declare_timer", "str")
def declare_timer(state: Timers, value: int | str) -> None:
    """Defines a timer: `name=ROUTE,milliseconds,slow|fast,enable`; without `enable` the script switches it on."""
    found = _DEFINITION.fullmatch(str(value))
    if found is None:
        raise ParamError(f"error in the timer {value!r}: name=ROUTE,milliseconds,slow|fast,enable")
    name, route, interval, speed, enable = found.groups()
    if name in state.timers:
        raise ParamError(f"timer '{name}' already exists")
    state.timers[name] = Timer(name, route, int(interval) / 1000, speed == "fast", enable is not None)


@timer.hooks.init.append
def _init(state: Timers, scope: Scope) -> None:
    state.services = scope.services


@timer.hooks.child_init.append
def _start(state: Timers, scope: Any) -> None:
    worker = state.instance.process()
    state.slow, state.quick = Process(-1, worker.pid + 1), Process(-1, worker.pid + 2)
    for made in state.timers.values():
        if made.enabled:
            state.arm(made)


@dataclass(frozen=True, slots=True)
class TimerName:
    """The name of a timer that is declared."""

    form: str = "timer"

    def parse(self, text: str, names: Names) -> str:
        """The name."""
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[Timer]:
        """The timer."""
        return Constant(_state(scope.services).find(parsed))


@dataclass(frozen=True, slots=True)
class Switch:
    """0 or 1."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> bool:
        """Whether it is another number than 0; what is no number is 0."""
        return bool(parse_int(text))

    def bind(self, parsed: bool, scope: Scope) -> Arg[bool]:
        """On or off."""
        return Constant(parsed)


@timer.function("timer_enable", TimerName(), Switch())
def timer_enable(state: Timers, run: Run, name: Timer, enable: bool) -> int:
    """Switches a timer on (1) or off (0). One that is switched off is so when it would run the next time. Always 1.

    Example: modparam("timer", "declare_timer", "t=TICK,1000") route[TICK] { xlog("tick\\n"); } request_route { timer_enable("t", "1"); }
    """
    if not enable:
        name.ending = name.enabled
    elif name.enabled:
        name.ending = False
    else:
        name.enabled = True
        state.arm(name)
    return 1


@timer.select("timer")
def select_timer(index: int | str | None, rest: Parts) -> Factory | None:
    """`executed` is the timer whose route runs (null elsewhere), `timer.NAME.enabled` whether one is switched on (1 or 0).

    Example: xlog("$sel(timer.executed)\\n");
    """
    names = tuple(name for name, _ in rest)
    if index is not None or any(at is not None for _, at in rest):
        return None
    if names == ("executed",):
        return lambda services: _executed(_state(services))
    if len(names) == 3 and names[0] == "timer" and names[2] == "enabled":
        return lambda services: _enabled(_state(services), names[1])
    return None


def _state(services: Services) -> Timers:
    state = services.state("timer")
    assert isinstance(state, Timers)
    return state


def _executed(state: Timers) -> Read:
    return lambda run: state.executed


def _enabled(state: Timers, name: str) -> Read:
    found = state.find(name)
    return lambda run: str(int(found.enabled))
