"""benchmark: how long parts of a script take. On the virtual clock that is nothing, unless time is advanced in between."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value

LEVELS = ("ALERT", "BUG", "CRITICAL", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
NONE_YET = 0xFFFFFFFF
DISABLED, SINGLE, ALL = -1, 0, 1


@dataclass(slots=True)
class Figures:
    """Durations in microseconds."""

    calls: int = 0
    total: int = 0
    least: int = NONE_YET
    most: int = 0

    def add(self, duration: int) -> None:
        """Takes one in."""
        self.calls += 1
        self.total += duration
        self.least = min(self.least, duration)
        self.most = max(self.most, duration)

    @property
    def text(self) -> str:
        """Number, sum, least, most and average as they are logged."""
        return f"{self.calls}/{self.total}/{self.least}/{self.most}/{self.total / self.calls:f}"


@dataclass(slots=True)
class Timer:
    """One timer: what it measures now, in the last period that has ended, and altogether."""

    name: str
    number: int
    enabled: bool
    start: int = 0
    running: Figures = field(default_factory=Figures)
    period: Figures = field(default_factory=Figures)
    whole: Figures = field(default_factory=Figures)


@dataclass(slots=True)
class Benchmark:
    """The module's parameters and its timers."""

    enable: int = SINGLE
    granularity: int = 1
    loglevel: int = 3
    timers: dict[str, Timer] = field(default_factory=dict)
    registered: list[str] = field(default_factory=list)
    difference: int = 0
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    @property
    def now(self) -> int:
        """Microseconds since the epoch."""
        return int(self.instance.clock.now() * 1_000_000)

    def timer(self, name: str) -> Timer:
        """The timer of a name, made where there is none."""
        found = self.timers.get(name)
        if found is None:
            found = self.timers[name] = Timer(name, len(self.timers), self.enable == ALL)
        return found

    def measures(self, timer: Timer) -> bool:
        """Whether a timer is switched on."""
        return self.enable == ALL or (self.enable == SINGLE and timer.enabled)


benchmark = Module("benchmark", Benchmark, "How long parts of a script take, in the log and by RPC.")
benchmark.setting("enable", "int", doc="1: all timers measure, 0: those that `benchmark.enable_timer` switches on, -1: none (0).")
benchmark.setting("granularity", "int", doc="Every n-th measurement is logged (1).")
benchmark.setting("loglevel", "int", doc="The level at which measurements are logged (3).")


@benchmark.param("register", "str")
def register(state: Benchmark, value: int | str) -> None:
    """Makes a timer at start; the script's own are made by its calls."""
    if not value:
        raise ParamError("cannot find timer []")
    state.registered.append(str(value))


@benchmark.hooks.init.append
def _init(state: Benchmark, scope: Scope) -> None:
    state.services = scope.services
    for name in state.registered:
        number = state.timer(name).number
        state.instance.diag("ERROR", f"timer [{name}] registered: {number}", "benchmark")


@dataclass(frozen=True, slots=True)
class TimerName:
    """The name of a timer, which is made by that."""

    form: str = "timer"

    def parse(self, text: str, names: Names) -> str:
        """The name."""
        if not text:
            raise FixupError("cannot register timer []")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[Timer]:
        """The timer."""
        state = scope.services.state("benchmark")
        assert isinstance(state, Benchmark)
        return Constant(state.timer(parsed))


TIMER = TimerName()


@benchmark.function("bm_start_timer", TIMER)
def bm_start_timer(state: Benchmark, run: Run, timer: Timer) -> int:
    """Starts a timer. Always 1.

    Example: bm_start_timer("lookup");
    """
    if state.measures(timer):
        timer.start = state.now
    return 1


@benchmark.function("bm_log_timer", TIMER)
def bm_log_timer(state: Benchmark, run: Run, timer: Timer) -> int:
    """Takes the time since a timer's start; every n-th time (`granularity`) the figures are logged. Always 1.

    Example: bm_start_timer("lookup"); lookup("location"); bm_log_timer("lookup");
    """
    if not state.measures(timer):
        return 1
    state.difference = state.now - timer.start
    timer.running.add(state.difference)
    timer.whole.add(state.difference)
    if timer.running.calls >= state.granularity:
        timer.period, timer.running = timer.running, Figures()
        text = f"msgs/total/min/max/avg - LR: {timer.period.text} | GB: {timer.whole.text}"
        line = f"benchmark (timer {timer.name} [{timer.number}]): 1 [ {text}]"
        state.instance.diag(LEVELS[min(max(state.loglevel, -5), 3) + 5], line, "benchmark", run.at)
    return 1


@benchmark.variables_of("BM_time_diff", static="int")
def time_diff(scope: Scope, inner: object, index: object) -> Any:
    """What the last bm_log_timer() measured, in microseconds; 0 before the first.

    Example: bm_start_timer("x"); bm_log_timer("x"); xlog("$BM_time_diff\\n");
    """
    state = scope.services.state("benchmark")
    assert isinstance(state, Benchmark)
    known = state

    def read(run: Run) -> Value:
        return known.difference

    return read


def _shown(state: Benchmark, timer: Timer) -> RpcValue:
    period, whole = timer.period, timer.whole
    shown: dict[str, RpcValue] = {
        "name": timer.name,
        "state": "enabled" if timer.enabled else "disabled",
        "id": timer.number,
        "granularity": state.granularity,
        "period_sum": period.total,
        "period_min": period.least,
        "period_max": period.most,
        "period_media": _ratio(period.total, state.granularity),
        "calls": whole.calls,
        "sum": whole.total,
        "global_min": whole.least,
        "global_max": whole.most,
    }
    return shown | ({"global_media": _ratio(whole.total, whole.calls)} if whole.calls else {})


def _ratio(total: int, calls: int) -> RpcValue:
    if calls <= 0:
        return 0
    return total // calls if total % calls == 0 else total / calls


def _invalid(state: Benchmark, what: str, warning: str) -> RpcFault:
    state.instance.diag("WARNING", warning, "benchmark")
    return RpcFault(500, what)


def _number(state: Benchmark, arguments: Sequence[Any], least: int, most: int) -> int:
    if not arguments or not isinstance(arguments[0], int):
        raise _invalid(state, "Invalid Parameters", "no parameters")
    if not least <= arguments[0] <= most:
        raise RpcFault(500, "Invalid Parameter Value")
    return arguments[0]


@benchmark.rpc("benchmark.enable_global", "-1|0|1")
def enable_global(state: Benchmark, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Switches all timers on (1), off (-1), or leaves it to each (0)."""
    state.enable = _number(state, arguments, DISABLED, ALL)
    return None


@benchmark.rpc("benchmark.enable_timer", "timer 0|1")
def enable_timer(state: Benchmark, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Switches a timer on or off."""
    if len(arguments) < 2 or not isinstance(arguments[1], int):
        raise _invalid(state, "Invalid Parameters", "invalid parameters")
    if arguments[1] not in (0, 1):
        raise RpcFault(500, "Invalid Parameter Value")
    _named(state, arguments).enabled = bool(arguments[1])
    return None


def _named(state: Benchmark, arguments: Sequence[Any]) -> Timer:
    found = state.timers.get(str(arguments[0]))
    if found is None:
        raise RpcFault(500, "Register timer failure")
    return found


@benchmark.rpc("benchmark.granularity", "number")
def granularity(state: Benchmark, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sets how many measurements make a period."""
    state.granularity = _number(state, arguments, 1, (1 << 31) - 1)
    return None


@benchmark.rpc("benchmark.loglevel", "level")
def loglevel(state: Benchmark, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sets the level at which measurements are logged."""
    state.loglevel = _number(state, arguments, -3, 1)
    return None


@benchmark.rpc("benchmark.timer_list", array=True)
def timer_list(state: Benchmark, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows all timers."""
    return [_shown(state, timer) for timer in state.timers.values()]


@benchmark.rpc("benchmark.timer_name_list", "timer")
def timer_name_list(state: Benchmark, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows one timer."""
    if not arguments:
        state.instance.diag("WARNING", "invalid timer name", "benchmark")
        raise RpcFault(400, "Invalid timer name")
    return _shown(state, _named(state, arguments))
