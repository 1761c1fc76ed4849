"""ratelimit: how many messages of a method pass in an interval, by numbered pipes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import INTEGER
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.feedback import Controller, load_argument
from sroute.runtime.run import Run
from sroute.runtime.services import Services

MOST_PIPES, MOST_QUEUES = 32, 10
NUMBERS = {"RED": 1, "TAILDROP": 2, "FEEDBACK": 3, "NETWORK": 4}


@dataclass(slots=True)
class Pipe:
    """One pipe; a limit counts messages a second."""

    algorithm: str = ""
    limit: int = 0
    counter: int = 0
    last: int = 0
    load: int = 0

    def push(self, seconds: int, controller: Controller) -> int:
        """One more message: 1 when it passes, -1 when not; NETWORK ends the script in the first interval."""
        self.counter += 1
        if self.algorithm == "TAILDROP":
            return 1 if self.counter <= self.limit * seconds else -1
        if self.algorithm == "RED":
            return 1 if not self.load or not self.counter % self.load else -1
        if self.algorithm == "FEEDBACK":
            return -1 if controller.drops(self.counter) else 1
        return -self.load

    def next_interval(self, seconds: int) -> None:
        """Starts the next interval; nothing waits in sroute's network."""
        if self.algorithm == "NETWORK":
            self.load = -1
        if self.algorithm in ("RED", "TAILDROP") and self.limit:
            self.load = self.counter // (self.limit * seconds)
        self.last, self.counter = self.counter, 0


@dataclass(slots=True)
class RateLimit:
    """The module's parameters, pipes and queues: (pipe, method) by number."""

    timer_interval: int = 10
    pipes: list[Pipe] = field(default_factory=lambda: [Pipe() for _ in range(MOST_PIPES)])
    queues: dict[int, tuple[int, str]] = field(default_factory=dict)
    controller: Controller = field(default_factory=Controller)
    shows: bool = False
    services: Services | None = None

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        assert self.services is not None
        self.services.diag("ERROR", text, "ratelimit", run.at)


ratelimit = Module("ratelimit", RateLimit, "Limits how many messages of a method pass in an interval, by numbered pipes.")
ratelimit.setting("timer_interval", "int", doc="The interval in seconds (10).")


@ratelimit.param("pipe", "str")
def define_pipe(state: RateLimit, value: int | str) -> None:
    """Defines a pipe: `number:algorithm:limit`, with RED, TAILDROP, FEEDBACK or NETWORK, and a limit a second."""
    number, algorithm, limit = _three(str(value))
    _set_pipe(state, number, algorithm, limit)


def _three(text: str) -> tuple[int, str, int]:
    parts = text.split(":")
    if len(parts) != 3 or not parts[0].isdigit() or not parts[2].isdigit():
        raise ParamError(f"invalid pipe: {text}")
    return int(parts[0][:9]), parts[1], int(parts[2][:9])


def _set_pipe(state: RateLimit, number: int, algorithm: str, limit: int) -> None:
    if not 0 <= number < MOST_PIPES:
        raise ParamError(f"pipe number {number} not allowed")
    if algorithm not in NUMBERS:
        raise ParamError(f"unknown algorithm {algorithm}")
    state.pipes[number].algorithm, state.pipes[number].limit = algorithm, limit
    if algorithm == "FEEDBACK":
        state.controller.setpoint = limit / 100


@ratelimit.param("queue", "str")
def define_queue(state: RateLimit, value: int | str) -> None:
    """Says which pipe the messages of a method go through: `pipe:METHOD`; `*` is any method."""
    pipe, colon, method = str(value).partition(":")
    if not colon or not pipe.isdigit() or not method:
        raise ParamError(f"invalid queue: {value}")
    if len(state.queues) >= MOST_QUEUES:
        raise ParamError("too many queues")
    state.queues[len(state.queues)] = (int(pipe[:9]), method)


@ratelimit.hooks.init.append
def _init(state: RateLimit, scope: Any) -> None:
    state.services = scope.services
    for pipe, _ in state.queues.values():
        if pipe >= MOST_PIPES or not state.pipes[pipe].algorithm:
            raise InitError(f"pipe {pipe} of a queue is not defined")
    if state.timer_interval <= 0:
        raise InitError("invalid timer interval")
    scope.services.timers.every(state.timer_interval, lambda: _tick(state))


def _tick(state: RateLimit) -> None:
    state.controller.update(0.0)
    if state.shows and state.services is not None:
        state.services.diag("WARNING", "".join(f"{pipe.counter:5d}" for pipe in state.pipes), "ratelimit")
    for pipe in state.pipes:
        pipe.next_interval(state.timer_interval)


def _through(state: RateLimit, run: Run, number: int) -> int:
    if not 0 <= number < MOST_PIPES or not state.pipes[number].algorithm:
        state.complain(run, f"forced pipe {number} out of range or not defined")
        return -1
    return state.pipes[number].push(state.timer_interval, state.controller)


@ratelimit.function("rl_check")
def rl_check(state: RateLimit, run: Run) -> int:
    """Counts a request in the pipe of its method: 1 when it passes, -1 when there are too many.

    Example: if (!rl_check()) { sl_send_reply("503", "Server Unavailable"); exit; }
    """
    method = run.message.method
    for pipe, wanted in state.queues.values():
        if wanted in ("*", method):
            return _through(state, run, pipe)
    return -1


@ratelimit.function("rl_check_pipe", INTEGER)
@ratelimit.function("rl_check", INTEGER)
def rl_check_pipe(state: RateLimit, run: Run, pipe: int) -> int:
    """Counts a message in one pipe: 1 when it passes, -1 when there are too many, and without that pipe.

    Example: if (!rl_check_pipe("1")) exit;
    """
    return _through(state, run, pipe)


# ---------------------------------------------------------------- RPC


@ratelimit.rpc("rl.get_pipes")
def get_pipes(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the pipes that are defined."""
    return [
        f"PIPE[{n}]: {NUMBERS[p.algorithm]}:{p.algorithm} {p.last}/{p.limit} (drop rate: {p.load}) [{p.counter}]"
        for n, p in enumerate(state.pipes)
        if p.algorithm
    ]


@ratelimit.rpc("rl.get_queues")
def get_queues(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows which pipe the methods go through."""
    return [f"QUEUE[{number}]: {pipe}:{method}" for number, (pipe, method) in state.queues.items()]


@ratelimit.rpc("rl.stats")
def stats(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows what passed all pipes in the last interval."""
    return [f"PIPE[{n}]: {p.last}/{p.limit} (drop rate: {p.load})" for n, p in enumerate(state.pipes)]


@ratelimit.rpc("rl.set_pipe", "number algorithm limit")
def set_pipe(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Changes algorithm and limit of a pipe."""
    number, algorithm, limit = _arguments(arguments)
    try:
        _set_pipe(state, int(number), str(algorithm), int(limit))
    except (ParamError, ValueError) as error:
        raise RpcFault(400, str(error)) from None
    return None


@ratelimit.rpc("rl.set_queue", "number method pipe")
def set_queue(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Changes a queue: its method, and the pipe that it goes through."""
    number, method, pipe = _arguments(arguments)
    if number not in state.queues or not isinstance(pipe, int):
        raise RpcFault(400, "Invalid queue")
    state.queues[number] = (pipe, str(method))
    return None


@ratelimit.rpc("rl.get_pid")
def get_pid(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the numbers of the controller that FEEDBACK uses."""
    return state.controller.shown


@ratelimit.rpc("rl.set_pid", "ki kp kd")
def set_pid(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sets the numbers of the controller that FEEDBACK uses."""
    state.controller.set(_arguments(arguments))
    return None


@ratelimit.rpc("rl.push_load", "load")
def push_load(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sets the load that FEEDBACK goes by, from 0 to 1, until the interval ends; then it is that of the machine, which is 0 in sroute."""
    state.controller.update(load_argument(services, "ratelimit", arguments))
    return None


@ratelimit.rpc("rl.set_dbg", "0|1")
def set_dbg(state: RateLimit, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Whether each interval tells of the pipes in the log."""
    if not arguments or not isinstance(arguments[0], int):
        what = "end of packet encountered" if not arguments else "record doesn't match type"
        raise RpcFault(400, f"error at parameter 0: expected integer type but {what}")
    state.shows = bool(arguments[0])
    return None


def _arguments(arguments: Sequence[Any]) -> tuple[Any, Any, Any]:
    if len(arguments) < 3:
        raise RpcFault(400, "Invalid number of parameters")
    return arguments[0], arguments[1], arguments[2]
