"""statistics: counters of the script by a plain name, `$stat(name)`."""

from dataclasses import dataclass, field

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.exports.variable import Pv
from sroute.runtime.counters import Counter
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import parse_int, to_str

GROUP = "script"
_KEEP = "no_reset"
LONGEST = 5
"""A constant number has at most so many digits."""


@dataclass(slots=True)
class Defined:
    """The statistics that the script defines, and whether they are kept on a reset."""

    defined: list[tuple[str, bool]] = field(default_factory=list)
    services: Services | None = None

    def missing(self, run: Run, name: str) -> int:
        """Complains of a name that no statistic has."""
        assert self.services is not None
        self.services.diag("ERROR", f"variable <{name}> not defined", "statistics", run.at)
        return -1


statistics = Module("statistics", Defined, "Statistics of the script: counters that `$stat(name)` and RPC show.")


@statistics.param("variable", "str")
def variable(state: Defined, value: int | str) -> None:
    """Defines a statistic of the script: `name`, or `name/no_reset` for one that is not reset."""
    name, slash, flag = str(value).partition("/")
    if not value or (slash and flag != _KEEP):
        raise ParamError(f"unsupported flag <{flag}>" if value else "empty parameter")
    state.defined.append((name, bool(slash)))


@statistics.hooks.init.append
def _init(state: Defined, scope: Scope) -> None:
    state.services = scope.services
    counters = scope.services.counters
    for name, keep in state.defined:
        if counters.get(GROUP, name) is not None:
            raise InitError(f"counter {GROUP}.{name} already registered")
        counters.register(GROUP, name, keep=keep)


@dataclass(frozen=True, slots=True)
class StatName:
    """The name of a statistic, or one variable that holds it."""

    form: str = "statistic"

    def parse(self, text: str, names: Names) -> str | Pv:
        """A name, or the variable."""
        if not text.startswith("$"):
            return text
        pieces = names.format(text)
        return pieces[0] if pieces else text

    def bind(self, parsed: str | Pv, scope: Scope) -> Arg[Counter | str]:
        """The statistic, or the name where none has it; a constant name must be one."""
        find = scope.services.counters.find
        if isinstance(parsed, str):
            known = find(parsed)
            if known is None:
                raise FixupError(f"variable <{parsed}> not defined", hint=f'modparam("statistics", "variable", "{parsed}")')
            return Constant(known)
        read = scope.read(parsed)

        def found(run: Run) -> Counter | str:
            name = to_str(read(run))
            return find(name) or name

        return found


@dataclass(frozen=True, slots=True)
class Change:
    """What is added: one variable, or a number of 16 bits with a sign, not 0."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or the variable."""
        if text.startswith("$"):
            return names.pv(text)
        digits = text[1:] if text[:1] in ("+", "-") else text
        if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
            raise FixupError(f"bad update number <{text}>")
        number = int(digits) & 0xFFFF
        if not number:
            raise FixupError("update with 0 has no sense")
        return -number if text[0] == "-" else number

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int]:
        """The number; a variable without one gives 0."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read = scope.read(parsed)

        def number(run: Run) -> int:
            value = read(run)
            return value if isinstance(value, int) else parse_int(value or "") or 0

        return number


STAT = StatName()


@statistics.function("update_stat", STAT, Change())
def update_stat(state: Defined, run: Run, name: Counter | str, change: int) -> int:
    """Adds a number to a statistic: `+5`, `-2`, `5`; below 0 it wraps. -1 when a variable names none.

    Example: update_stat("calls", "+1");
    """
    if isinstance(name, str):
        return state.missing(run, name)
    name.add(change)
    return 1


@statistics.function("reset_stat", STAT)
def reset_stat(state: Defined, run: Run, name: Counter | str) -> int:
    """Sets a statistic to 0, but for one with no_reset. -1 when a variable names none.

    Example: reset_stat("calls");
    """
    if isinstance(name, str):
        return state.missing(run, name)
    name.reset()
    return 1
