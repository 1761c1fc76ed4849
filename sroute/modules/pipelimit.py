"""pipelimit: how many messages pass in an interval, by pipes that have names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.db.database import DbError
from sroute.exports.fixups import FORMAT, INTEGER
from sroute.exports.module import InitError, Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules import sl
from sroute.modules.connection import connect
from sroute.modules.feedback import Controller, load_argument
from sroute.runtime.hashing import slot
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip.message import ReplyLump

ALGORITHMS = ("NOP", "RED", "TAILDROP", "FEEDBACK", "NETWORK")
MISSING = -2
TABLE_VERSION = 1
UNDEFINED = 2
"""What a pipe without an algorithm (NOP) answers."""
IDLE = 0.0
"""The load of a machine that has nothing to do."""


@dataclass(slots=True)
class Pipe:
    """One pipe: what it lets through, and what came in this interval and the last."""

    name: str
    algorithm: str
    limit: int
    counter: int = 0
    last: int = 0
    load: int = 0
    unused: int = 0

    def push(self, controller: Controller) -> int:
        """One more message: 1 when it passes, -1 when not; NETWORK ends the script in the first interval."""
        self.counter += 1
        if self.algorithm == "TAILDROP":
            return 1 if self.counter <= self.limit else -1
        if self.algorithm == "RED":
            return 1 if not self.load or not self.counter % self.load else -1
        if self.algorithm == "FEEDBACK":
            return -1 if controller.drops(self.counter) else 1
        return UNDEFINED if self.algorithm == "NOP" else -self.load

    def next_interval(self) -> None:
        """Starts the next interval; nothing waits in sroute's network."""
        self.unused = 0 if self.counter else self.unused + 1
        self.load = -1 if self.algorithm == "NETWORK" else self.counter // self.limit if self.limit else 0
        self.last, self.counter = self.counter, 0


@dataclass(slots=True)
class Pipes:
    """The module's parameters and its pipes."""

    timer_interval: int = 10
    reply_code: int = 503
    reply_reason: str = "Server Unavailable"
    hash_size: int = 6
    clean_unused: int = 0
    db_url: str = ""
    plp_table_name: str = "pl_pipes"
    plp_pipeid_column: str = "pipeid"
    plp_algorithm_column: str = "algorithm"
    plp_limit_column: str = "plimit"
    load_fetch: int = 1
    timer_mode: int = 0
    pipes: dict[str, Pipe] = field(default_factory=dict)
    controller: Controller = field(default_factory=Controller)
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "pipelimit", run.at)

    def sorted(self) -> Iterator[Pipe]:
        """The pipes as the hash table holds them, but for those without an algorithm."""
        slots = 1 << self.hash_size
        return iter(sorted((pipe for pipe in self.pipes.values() if pipe.algorithm != "NOP"), key=lambda pipe: slot(pipe.name, slots)))


pipelimit = Module("pipelimit", Pipes, "Limits how many messages pass in an interval, by pipes that have names.", requires=("sl",))
pipelimit.setting("timer_interval", "int", doc="The interval in seconds (10).")
pipelimit.setting("reply_code", "int", doc="The code with which pl_drop() answers (503).")
pipelimit.setting("reply_reason", "str", doc="The reason with which pl_drop() answers (`Server Unavailable`).")
pipelimit.setting("hash_size", "int", doc="How many slots the table of pipes has, as an exponent of two (6).")
pipelimit.setting("clean_unused", "int", doc="After so many intervals without a message a pipe is forgotten; 0 (default): never.")
pipelimit.setting("db_url", "str", doc="The database that pipes are loaded from at start.")
pipelimit.setting("plp_table_name", "str", doc="The table of pipes (pl_pipes).")
pipelimit.setting("plp_pipeid_column", "str", doc="The column with the name of a pipe (pipeid).")
pipelimit.setting("plp_algorithm_column", "str", doc="The column with its algorithm (algorithm).")
pipelimit.setting("plp_limit_column", "str", doc="The column with its limit (plimit).")
pipelimit.setting(
    "load_fetch", "int", doc="1: FEEDBACK goes by the load of the machine, which is 0 in sroute; 0: by pl.push_load alone (1)."
)
pipelimit.setting("timer_mode", "int", doc="1: the intervals are counted by a process of their own, which makes no difference here (0).")


@pipelimit.hooks.init.append
def _init(state: Pipes, scope: Any) -> None:
    state.services = scope.services
    if state.timer_interval <= 0:
        raise InitError("invalid timer interval")
    if state.db_url:
        _load(state)
    scope.services.timers.every(state.timer_interval, lambda: _tick(state))


def _load(state: Pipes) -> None:
    """Pipes from the database; what is no pipe makes the start fail."""
    database = connect(state.db_url, state.instance, {state.plp_table_name: TABLE_VERSION}, without="no pipes are loaded")
    if database is None:
        return
    columns = [state.plp_pipeid_column, state.plp_algorithm_column, state.plp_limit_column]
    try:
        rows = list(database.query(state.plp_table_name, columns))
    except DbError as error:
        raise InitError(str(error)) from None
    for name, algorithm, limit in rows:
        if str(algorithm).upper() not in ALGORITHMS:
            raise InitError(f"cannot find algorithm [{algorithm}].")
        pipe = Pipe(str(name), str(algorithm).upper(), int(limit or 0))
        state.pipes[pipe.name] = pipe
        if pipe.algorithm == "FEEDBACK":
            state.controller.setpoint = pipe.limit / 100


def _tick(state: Pipes) -> None:
    if state.load_fetch:
        state.controller.update(IDLE)
    for pipe in list(state.pipes.values()):
        pipe.next_interval()
        if state.clean_unused and pipe.unused >= state.clean_unused:
            del state.pipes[pipe.name]


@pipelimit.function("pl_check", FORMAT)
def pl_check(state: Pipes, run: Run, name: str) -> int:
    """Counts a message in a pipe: 1 when it passes, -1 when there are too many, -2 without that pipe.

    Example: if (pl_check("$rd") == -1) { pl_drop(); exit; }
    """
    pipe = state.pipes.get(name)
    if pipe is None:
        state.complain(run, f"pipe not found [{name}]")
        return MISSING
    return _push(state, run, pipe)


@pipelimit.function("pl_check", FORMAT, FORMAT, INTEGER)
def pl_check_limit(state: Pipes, run: Run, name: str, algorithm: str, limit: int) -> int:
    """Counts a message in a pipe, which is made by the first call: 1 when it passes, -1 when there are too many.

    algorithm is TAILDROP (so many an interval), RED (every n-th when the last interval was over the limit), FEEDBACK (by the load of the
    machine), NETWORK (by what waits to be read) or NOP; -2 for another one. Later calls change the limit, not the algorithm.

    Example: if (!pl_check("$si", "taildrop", "20")) { pl_drop("5"); exit; }
    """
    if limit < 0:
        state.complain(run, f"invalid limit value: {limit}")
        return -1
    pipe = state.pipes.get(name)
    if pipe is None:
        if algorithm.upper() not in ALGORITHMS:
            state.complain(run, f"cannot find algorithm [{algorithm}].")
            state.complain(run, f"failed to add pipe [{name}]")
            return MISSING
        pipe = state.pipes[name] = Pipe(name, algorithm.upper(), limit)
    pipe.limit = limit
    return _push(state, run, pipe)


def _push(state: Pipes, run: Run, pipe: Pipe) -> int:
    if pipe.algorithm == "NOP":
        state.complain(run, f"no algorithm defined for pipe {pipe.name}")
    return pipe.push(state.controller)


@pipelimit.function("pl_active", FORMAT)
def pl_active(state: Pipes, run: Run, name: str) -> int:
    """True when there is a pipe of that name.

    Example: if (pl_active("$si")) xlog("known\\n");
    """
    if name not in state.pipes:
        state.complain(run, f"pipe does not exist [{name}]")
        return -1
    return 1


@pipelimit.function("pl_drop")
def pl_drop(state: Pipes, run: Run) -> int:
    """Answers a request that is too much, without a transaction, with reply_code and reply_reason.

    Example: if (!pl_check("$si", "taildrop", "20")) { pl_drop(); exit; }
    """
    return _drop(state, run, 0)


@pipelimit.function("pl_drop", INTEGER)
def pl_drop_after(state: Pipes, run: Run, after: int) -> int:
    """As pl_drop(), with a Retry-After of so many seconds.

    Example: pl_drop("5");
    """
    return _drop(state, run, after)


@pipelimit.function("pl_drop", INTEGER, INTEGER)
def pl_drop_between(state: Pipes, run: Run, low: int, high: int) -> int:
    """As pl_drop(), with a Retry-After between two numbers of seconds.

    Example: pl_drop("5", "30");
    """
    if low < 0 or high <= 0 or high < low:
        state.complain(run, f"invalid retry_after values: ({low}, {high})")
        return -1
    return _drop(state, run, low + state.instance.random.randrange(high - low + 1))


def _drop(state: Pipes, run: Run, after: int) -> int:
    if after:
        run.message.reply_lumps.append(ReplyLump(f"Retry-After: {after}\r\n"))
    stateless = state.instance.state("sl")
    assert isinstance(stateless, sl.Stateless)
    sl.send(stateless, run, state.reply_code, state.reply_reason)
    return 1


# ---------------------------------------------------------------- RPC


@pipelimit.rpc("pl.list", "[name]", array=True)
def pl_list(state: Pipes, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows one pipe, or all of them."""
    if not arguments:
        return [_shown(pipe) for pipe in state.sorted()]
    return [_shown(_named(state, arguments))]


def _shown(pipe: Pipe) -> dict[str, RpcValue]:
    return {
        "name": pipe.name, "algorithm": pipe.algorithm, "limit": pipe.limit, "counter": pipe.counter, "last_counter": pipe.last,
        "unused_intervals": pipe.unused,
    }  # fmt: skip


def _named(state: Pipes, arguments: Sequence[Any]) -> Pipe:
    pipe = state.pipes.get(str(arguments[0])) if arguments else None
    if pipe is None:
        raise RpcFault(400, f"Unknown pipe id {arguments[0] if arguments else ''}")
    return pipe


@pipelimit.rpc("pl.get_pipes", array=True)
def get_pipes(state: Pipes, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the pipes, one a line."""
    return [
        f"PIPE: id={p.name} algorithm={p.algorithm} limit={p.limit} counter={p.counter}" for p in state.sorted() if p.algorithm != "NOP"
    ]


@pipelimit.rpc("pl.stats", array=True)
def stats(state: Pipes, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows load and last counter of the pipes."""
    return [f"PIPE: id={pipe.name} load={pipe.load} counter={pipe.last}" for pipe in state.sorted()]


@pipelimit.rpc("pl.set_pipe", "name algorithm limit")
def set_pipe(state: Pipes, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Changes algorithm and limit of a pipe."""
    if len(arguments) < 3:
        raise RpcFault(400, "Invalid number of parameters")
    pipe = _named(state, arguments)
    algorithm = str(arguments[1]).upper()
    if algorithm not in ALGORITHMS:
        raise RpcFault(400, f"Unknown algorithm {arguments[1]}")
    pipe.algorithm, pipe.limit = algorithm, int(arguments[2])
    return None


@pipelimit.rpc("pl.get_pid")
def get_pid(state: Pipes, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the numbers of the controller that FEEDBACK uses."""
    return state.controller.shown


@pipelimit.rpc("pl.set_pid", "ki kp kd")
def set_pid(state: Pipes, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sets the numbers of the controller that FEEDBACK uses."""
    if len(arguments) < 3:
        raise RpcFault(400, "Invalid number of parameters")
    state.controller.set(arguments)
    return None


@pipelimit.rpc("pl.push_load", "load")
def push_load(state: Pipes, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sets the load that FEEDBACK goes by, from 0 to 1; with load_fetch it holds to the end of the interval."""
    state.controller.update(load_argument(services, "pipelimit", arguments))
    return None
