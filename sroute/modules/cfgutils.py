"""cfgutils: random events, global flags, locks, and what scripts ask about themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path
from typing import Any

from sroute.errors import NotSimulatedError
from sroute.exports.fixups import FORMAT, INTEGER, Arg, Constant, FixupError, Names, Scope
from sroute.exports.function import Bound
from sroute.exports.module import InitError, Module
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.exports.variable import Index, Pv
from sroute.modules.pv.keys import TEXT_OR_VARIABLE
from sroute.runtime.flow import DROP, EXIT
from sroute.runtime.hashing import core_hash_pair, slot
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import parse_int

HIGHEST_FLAG = 31


@dataclass(slots=True)
class ConfigTools:
    """The module's parameters, flags, probability and locks."""

    initial_probability: int = 10
    initial_gflags: int = 0
    lock_set_size: int = 0
    hash_file: str = ""
    probability: int = 10
    flags: int = 0
    locked: set[int] = field(default_factory=set)
    file_hash: str | None = None
    services: Services | None = None

    def note(self, run: Run, text: str) -> None:
        """A remark about what sroute does otherwise."""
        if self.services is not None:
            self.services.note(text, run.at)


cfgutils = Module("cfgutils", ConfigTools, "Random events, global flags, locks, whether a route exists.")
cfgutils.setting("initial_probability", "int", doc="The probability of rand_event() at start, in percent (10).")
cfgutils.setting("initial_gflags", "int", doc="The global flags at start, as a number (0).")
cfgutils.setting("lock_set_size", "int", doc="How many locks there are, as an exponent of two; 0 (default): lock() and its like fail.")
cfgutils.setting("hash_file", "str", doc="The file whose MD5 the RPC commands get_config_hash and check_config_hash tell.")


def _init(state: ConfigTools, scope: Any) -> None:
    state.services = scope.services
    if not 0 <= state.initial_probability <= 100:
        raise InitError(f"invalid probability <{state.initial_probability}>")
    state.probability = state.initial_probability
    state.flags = state.initial_gflags & 0xFFFFFFFF
    if state.hash_file and not scope.services.world.closed:
        state.file_hash = _file_hash(state)
        if state.file_hash is None:
            raise InitError("could not hash the config file")


def _file_hash(state: ConfigTools) -> str | None:
    """The MD5 of the file of hash_file; None when it can't be read."""
    assert state.services is not None
    world, path = state.services.world, Path(state.hash_file)
    if not world.may_open(path):
        return None
    try:
        return md5((world.folder / path).read_bytes(), usedforsecurity=False).hexdigest()
    except OSError:
        return None


cfgutils.hooks.init.append(_init)


class Percent:
    """A probability in percent; what is no number counts as 0."""

    form = "percent"

    def parse(self, text: str, names: Names) -> int:
        """0 to 100."""
        number = parse_int(text) or 0
        if not 0 <= number <= 100:
            raise FixupError(f"invalid probability <{number}>")
        return number

    def bind(self, parsed: int, scope: Scope) -> Arg[int]:
        """The number."""
        return Constant(parsed)


class GlobalFlag:
    """The number of a global flag, 0 to 31."""

    form = "flag"

    def parse(self, text: str, names: Names) -> int:
        """The flag as a bit."""
        if not text.isascii() or not text.isdigit() or len(text) > 10:
            raise FixupError(f"bad number <{text}>")
        if int(text) > HIGHEST_FLAG:
            raise FixupError(f"flag <{text}> out of range [0..{HIGHEST_FLAG}]")
        return 1 << int(text)

    def bind(self, parsed: int, scope: Scope) -> Arg[int]:
        """The bit."""
        return Constant(parsed)


class HashSize:
    """The exponent of a hash size: a number or a variable; an empty text counts as 0."""

    form = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        return INTEGER.parse(text or "0", names)

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int]:
        """The number."""
        return INTEGER.bind(parsed, scope)


@cfgutils.variables_of("RANDOM", static="int")
def random_number(scope: Scope, inner: None, index: Index) -> Read:
    """A random number of 31 bits.

    Example: $var(n) = $RANDOM mod 10;
    """
    generator = scope.services.random
    return lambda run: generator.getrandbits(31)


# ---------------------------------------------------------------- random events


@cfgutils.function("rand_set_prob", Percent())
def rand_set_prob(state: ConfigTools, run: Run, percent: int) -> int:
    """Sets the probability of rand_event().

    Example: rand_set_prob("40");
    """
    state.probability = percent
    return 1


@cfgutils.function("rand_reset_prob")
def rand_reset_prob(state: ConfigTools, run: Run) -> int:
    """Sets the probability of rand_event() back to what it was at start.

    Example: rand_reset_prob();
    """
    state.probability = state.initial_probability
    return 1


@cfgutils.function("rand_get_prob")
def rand_get_prob(state: ConfigTools, run: Run) -> int:
    """Returns the probability of rand_event() as its code; a probability of 0 therefore ends the script.

    Example: rand_get_prob(); xlog("$rc\\n");
    """
    return state.probability


@cfgutils.function("rand_event")
def rand_event(state: ConfigTools, run: Run) -> int:
    """True with the probability that was set.

    Example: if (rand_event()) xlog("chosen\\n");
    """
    assert state.services is not None
    return 1 if state.services.random.random() * 100 < state.probability else -1


# ---------------------------------------------------------------- time and memory


@cfgutils.function("sleep", INTEGER)
def sleep(state: ConfigTools, run: Run, seconds: int) -> int:
    """Blocks the worker for some seconds. In sroute no time passes while a script runs.

    Example: sleep("1");
    """
    state.note(run, "sleep(): no time passes in sroute while a script runs")
    return 1


@cfgutils.function("usleep", INTEGER)
def usleep(state: ConfigTools, run: Run, microseconds: int) -> int:
    """Blocks the worker for some microseconds. In sroute no time passes while a script runs.

    Example: usleep("1000");
    """
    state.note(run, "usleep(): no time passes in sroute while a script runs")
    return 1


@cfgutils.function("abort")
def abort(state: ConfigTools, run: Run) -> int:
    """Ends Kamailio with a core dump; sroute ends the message and says so.

    Example: abort();
    """
    raise NotSimulatedError("abort() ends Kamailio: nothing happens behind it")


def _memory(name: str) -> None:
    def function(state: ConfigTools, run: Run) -> int:
        state.note(run, f"{name}(): there is no memory of Kamailio's to show")
        return 1

    function.__doc__ = f"Writes what Kamailio's memory holds into the log; sroute has none of it.\n\nExample: {name}();"
    cfgutils.function(name)(function)


for _name in ("pkg_status", "shm_status", "pkg_summary", "shm_summary"):
    _memory(_name)


# ---------------------------------------------------------------- global flags


@cfgutils.function("set_gflag", GlobalFlag())
def set_gflag(state: ConfigTools, run: Run, bit: int) -> int:
    """Sets a global flag (0 to 31), which all workers share.

    Example: set_gflag("4");
    """
    state.flags |= bit
    return 1


@cfgutils.function("reset_gflag", GlobalFlag())
def reset_gflag(state: ConfigTools, run: Run, bit: int) -> int:
    """Resets a global flag.

    Example: reset_gflag("4");
    """
    state.flags &= ~bit
    return 1


@cfgutils.function("is_gflag", GlobalFlag())
def is_gflag(state: ConfigTools, run: Run, bit: int) -> int:
    """Whether a global flag is set.

    Example: if (is_gflag("4")) xlog("set\\n");
    """
    return 1 if state.flags & bit else -1


# ---------------------------------------------------------------- locks


def _lock_number(state: ConfigTools, run: Run, key: str | None, operation: int) -> int | None:
    """Which lock of the set a key means; None, with a complaint, without a set or a key."""
    assert state.services is not None
    if key is None:
        return None
    if not state.lock_set_size:
        text = f"lock set not initialized (attempt to do op: {operation} on: {key}) - see param lock_set_size"
        state.services.diag("ERROR", text, "cfgutils", run.at)
        return None
    return slot(key, 1 << min(state.lock_set_size, 14))


@cfgutils.function("lock", TEXT_OR_VARIABLE)
def lock(state: ConfigTools, run: Run, key: str | None) -> int:
    """Takes the lock of a key, waiting for it. Keys share locks: lock_set_size says how many there are.

    A lock that this worker holds already would block it for good: sroute ends the message and says so.

    Example: lock("$ci"); $shv(n) = $shv(n) + 1; unlock("$ci");
    """
    number = _lock_number(state, run, key, 0)
    if number is None:
        return -1
    if number in state.locked:
        raise NotSimulatedError(f"lock(): the lock of {key!r} is held already; Kamailio would wait for ever")
    state.locked.add(number)
    return 1


@cfgutils.function("trylock", TEXT_OR_VARIABLE)
def trylock(state: ConfigTools, run: Run, key: str | None) -> int:
    """Takes the lock of a key if nobody holds it; -1 otherwise.

    Example: if (trylock("$ci")) unlock("$ci");
    """
    number = _lock_number(state, run, key, 2)
    if number is None or number in state.locked:
        return -1
    state.locked.add(number)
    return 1


@cfgutils.function("unlock", TEXT_OR_VARIABLE)
def unlock(state: ConfigTools, run: Run, key: str | None) -> int:
    """Gives the lock of a key back.

    Example: lock("$ci"); unlock("$ci");
    """
    number = _lock_number(state, run, key, 1)
    if number is None:
        return -1
    state.locked.discard(number)
    return 1


# ---------------------------------------------------------------- hashes and routes


@cfgutils.function("core_hash", FORMAT, FORMAT, HashSize())
def core_hash(state: ConfigTools, run: Run, first: str, second: str, size: int) -> int:
    """Returns the hash of two texts as its code: from 1 to 2 to the power of size.

    Example: core_hash("$fU", "$rU", "8"); xlog("$rc\\n");
    """
    slots = 2 if size <= 0 else 1 << (size & 31)
    return (core_hash_pair(first, second) & (slots - 1)) + 1


@cfgutils.function("check_route_exists", FORMAT)
def check_route_exists(state: ConfigTools, run: Run, name: str) -> int:
    """Whether there is a route block of that name.

    Example: if (check_route_exists("RELAY")) route(RELAY);
    """
    assert state.services is not None
    return 1 if state.services.has_route(Routes.REQUEST, name) else -1


@cfgutils.function("route_if_exists", FORMAT, bound=True)
def route_if_exists(scope: Scope, state: ConfigTools, name: Arg[str]) -> Bound:
    """Runs the route block of that name and returns its code; -1 when there is none.

    Example: route_if_exists("RELAY");
    """
    services = scope.services
    read: Callable[[Run], str] = (lambda run: name.value) if isinstance(name, Constant) else name

    def act(run: Run) -> int:
        route = read(run)
        if not services.has_route(Routes.REQUEST, route):
            return -1
        code = services.run_route(Routes.REQUEST, route, run)
        return 0 if run.flow in (EXIT, DROP) else code

    return act


# ---------------------------------------------------------------- RPC


def _mask(arguments: Sequence[Any]) -> int:
    if not arguments or not isinstance(arguments[0], int):
        raise RpcFault(500, "Invalid Parameters")
    return arguments[0] & 0xFFFFFFFF


@cfgutils.rpc("cfgutils.set_gflag", "mask")
def rpc_set_gflag(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Set the global flags of a bit mask."""
    state.flags |= _mask(arguments)
    return None


@cfgutils.rpc("cfgutils.reset_gflag", "mask")
def rpc_reset_gflag(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Reset the global flags of a bit mask."""
    state.flags &= ~_mask(arguments)
    return None


@cfgutils.rpc("cfgutils.is_gflag", "mask")
def rpc_is_gflag(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Whether all global flags of a bit mask are set: TRUE or FALSE."""
    mask = _mask(arguments)
    return "TRUE" if state.flags & mask == mask else "FALSE"


@cfgutils.rpc("cfgutils.get_gflags")
def rpc_get_gflags(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """The global flags in hex and decimal."""
    return f"0x{state.flags:X} ({state.flags})"


@cfgutils.rpc("cfgutils.rand_set_prob", "percent")
def rpc_set_prob(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Set the probability of rand_event()."""
    if not arguments or not isinstance(arguments[0], int):
        raise RpcFault(500, "Invalid Parameters")
    if not 0 <= arguments[0] <= 100:
        raise RpcFault(500, "Invalid Percent")
    state.probability = arguments[0]
    return None


@cfgutils.rpc("cfgutils.rand_reset_prob")
def rpc_reset_prob(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Set the probability of rand_event() back to what it was at start."""
    state.probability = state.initial_probability
    return None


@cfgutils.rpc("cfgutils.rand_get_prob")
def rpc_get_prob(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """The probability of rand_event()."""
    return f"actual probability: {state.probability} percent"


@cfgutils.rpc("cfgutils.get_config_hash")
def rpc_get_hash(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """The MD5 that the file of hash_file had at start; empty without one."""
    return state.file_hash or ""


@cfgutils.rpc("cfgutils.check_config_hash")
def rpc_check_hash(state: ConfigTools, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Whether the file of hash_file is still the same."""
    if not state.hash_file:
        raise RpcFault(500, "No hash file")
    now = _file_hash(state)
    if now is None:
        raise RpcFault(500, "Failed to hash the file")
    return "Identical hash" if now == state.file_hash else "Different hash"
