"""The counters module: script_counter, cnt_inc() and its like, the commands cnt.*."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import INTEGER, Arg, Constant, FixupError, Names, Scope
from sroute.exports.function import Bound
from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.exports.variable import Pv
from sroute.runtime.counters import Counter
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import wrap32

SCRIPT_DOC = "custom script counter."


@dataclass(slots=True)
class Defined:
    """The counters that the script defines: group, name, doc."""

    script_cnt_grp_name: str = "script"
    defined: list[tuple[str, str, str]] = field(default_factory=list)


counters = Module("counters", Defined, "Counters of the script, in groups: `$stat(name)`, `kamcmd cnt.get group name`.")
counters.setting("script_cnt_grp_name", "str", doc="The group of script counters without one (`script`), for those defined behind it.")


def _split(text: str) -> tuple[str, str, str]:
    """Group (empty: none is named), the dot, and the name."""
    group, dot, name = text.partition(".")
    return (group, dot, name) if dot else ("", "", group)


@counters.param("script_counter", "str")
def script_counter(state: Defined, value: int | str) -> None:
    """Defines a counter: `[group.]name`, then a blank or `:` and what it counts."""
    text = str(value).strip()
    end = next((at for at, char in enumerate(text) if char in " \t:"), len(text))
    group, dot, name = _split(text[:end])
    if dot and not group:
        raise ParamError(f"attempt to register counter {name} without a group")
    state.defined.append((group or state.script_cnt_grp_name, name, text[end:].lstrip(" \t:") or SCRIPT_DOC))


@counters.hooks.init.append
def _init(state: Defined, scope: Scope) -> None:
    for group, name, doc in state.defined:
        scope.services.counters.register(group, name, doc)


@dataclass(frozen=True, slots=True)
class CounterName:
    """`[group.]name` of a counter that is defined."""

    form: str = "counter"

    def parse(self, text: str, names: Names) -> str:
        """Any text: the counters are known when the modules have started."""
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[Counter]:
        """The counter; one that is not defined is refused."""
        group, _, name = _split(parsed)
        state = scope.services.state("counters")
        assert isinstance(state, Defined)
        found = scope.services.counters.get(group or state.script_cnt_grp_name, name)
        if found is None:
            raise FixupError(f"counter {parsed} is not defined", hint=f'modparam("counters", "script_counter", "{parsed}")')
        return Constant(found)


COUNTER = CounterName()


def _counter(arg: Arg[Counter]) -> Counter:
    assert isinstance(arg, Constant)
    found = arg.value
    assert isinstance(found, Counter)
    return found


@counters.function("cnt_inc", COUNTER, bound=True)
def cnt_inc(scope: Scope, state: Defined, counter: Arg[Counter]) -> Bound:
    """Adds 1 to a counter of the script.

    Example: cnt_inc("calls");
    """
    add = _counter(counter).add

    def inc(run: Run) -> int:
        add(1)
        return 1

    return inc


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or one variable that holds an int; None for a text."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        return INTEGER.parse(text, names)

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int | None]:
        """The number."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read = scope.read(parsed)

        def number(run: Run) -> int | None:
            value = read(run)
            return value if isinstance(value, int) else None

        return number


@counters.function("cnt_add", COUNTER, Amount())
def cnt_add(state: Defined, run: Run, counter: Counter, number: int | None) -> int:
    """Adds a number, which may be negative, to a counter of the script; -1 for a variable that holds no int.

    Example: cnt_add("calls", "5");
    """
    if number is None:
        return -1
    counter.add(number)
    return 1


@counters.function("cnt_reset", COUNTER)
def cnt_reset(state: Defined, run: Run, counter: Counter) -> int:
    """Sets a counter of the script to 0.

    Example: cnt_reset("calls");
    """
    counter.reset()
    return 1


def _words(arguments: Sequence[Any], count: int) -> list[str]:
    found = [str(argument) for argument in arguments[:count]]
    if len(found) < count:
        raise RpcFault(400, f"error at parameter {len(found)}: expected string type but end of packet encountered")
    return found


def _named(services: Services, arguments: Sequence[Any]) -> Counter:
    group, name = _words(arguments, 2)
    found = services.counters.get(group, name)
    if found is None:
        raise RpcFault(400, f"non-existent counter {group}.{name}\n")
    return found


@counters.rpc("cnt.get_raw", "group name")
@counters.rpc("cnt.get", "group name")
def get(state: Defined, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows one counter, or all of a group."""
    if len(arguments) == 1:
        return group_values(state, services, arguments)
    return wrap32(_named(services, arguments).value)


@counters.rpc("cnt.reset", "group name")
def reset(state: Defined, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Sets one counter to 0."""
    _named(services, arguments).reset()
    return None


@counters.rpc("cnt.help", "group name")
def description(state: Defined, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows what a counter counts."""
    return _named(services, arguments).doc


@counters.rpc("cnt.get_vars", "group")
@counters.rpc("cnt.grp_get_all", "group")
def group_values(state: Defined, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows all counters of a group."""
    return {found.name: wrap32(found.value) for found in services.counters.group(_words(arguments, 1)[0])}


@counters.rpc("cnt.list_groups", array=True)
@counters.rpc("cnt.grps_list", array=True)
def groups(state: Defined, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the names of all groups."""
    return list(services.counters.groups())


@counters.rpc("cnt.list_vars", "group", array=True)
@counters.rpc("cnt.var_list", "group", array=True)
def names(state: Defined, services: Services, arguments: Sequence[Any]) -> RpcValue:
    """Shows the names of the counters of a group."""
    return [found.name for found in services.counters.group(_words(arguments, 1)[0])]
