"""xlog: log lines with variables in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope, reader
from sroute.exports.function import Bound
from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.exports.variable import Index, Pv
from sroute.modules.pv.request import method_id
from sroute.runtime.run import Read, Run
from sroute.runtime.values import FAILED, Value

ALERT, BUG, CRIT2, CRIT, ERR, WARN, NOTICE, INFO, DBG = range(-5, 4)
NAMES = ("ALERT", "BUG", "CRITICAL", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
"""How a level is printed, from -5 on."""
_LETTERS = {"A": ALERT, "B": BUG, "E": ERR, "W": WARN, "N": NOTICE, "I": INFO, "D": DBG}
_FACILITIES = frozenset(
    f"LOG_{name}"
    for name in (
        "AUTH", "AUTHPRIV", "CRON", "DAEMON", "FTP", "KERN", "LPR", "MAIL", "NEWS", "SYSLOG", "USER", "UUCP",
        *(f"LOCAL{n}" for n in range(8)),
    )
)  # fmt: skip
_SGR = {"s": 0, "r": 1, "g": 2, "y": 3, "b": 4, "p": 5, "c": 6, "w": 7, "x": 9}


@dataclass(slots=True)
class XlogSettings:
    """The module's parameters."""

    buf_size: int = 4096
    force_color: int = 0
    long_format: int = 0
    prefix: str = "<script>: "
    prefix_mode: int = 0
    log_facility: str = ""
    methods_filter: int = -1
    colors: dict[str, str] = field(default_factory=dict)
    ready: bool = False
    """Whether the module has been initialised."""


xlog = Module("xlog", XlogSettings, "Log lines with variables in them.")
xlog.setting("buf_size", "int", doc="How long a line may be (4096); a longer one is not printed.")
xlog.setting(
    "force_color", "int", doc="Print the colours of `$C(xy)` into syslog too; sroute prints them always, as Kamailio does on a terminal."
)
xlog.setting("long_format", "int", doc="1: xlogl() and xdbgl() begin with file and line, 0 (default): with the line.")
xlog.setting("prefix", "str", doc="What Kamailio prints in front of each line (`<script>: `). Events of sroute hold the text behind it.")
xlog.setting("prefix_mode", "int", doc="1: the prefix may hold variables. Events of sroute hold the text behind it.")
xlog.setting("methods_filter", "int", doc="Methods that xlogm() keeps quiet about, as a sum of their numbers (-1: all of them).")


@xlog.param("log_facility", "str")
def log_facility(state: XlogSettings, value: int | str) -> None:
    """The syslog facility, like LOG_LOCAL3."""
    if value not in _FACILITIES:
        raise ParamError(f"invalid syslog facility {value}")
    state.log_facility = str(value)


@xlog.param("log_colors", "str")
def log_colors(state: XlogSettings, value: int | str) -> None:
    """Colours of levels on a terminal: `L_ERR=cr;L_WARN=px`."""
    for part in str(value).split(";"):
        level, equal, color = part.strip().partition("=")
        if not equal or len(color) != 2 or not level.startswith("L_"):
            raise ParamError(f"invalid level name {part}")
        state.colors[level] = color


@xlog.hooks.init.append
def _init(state: XlogSettings, scope: Scope) -> None:
    state.ready = True


class Level:
    """A log level: `L_ERR`, or a variable that holds its number. Kamailio looks at the third letter only."""

    form = "level"

    def parse(self, text: str, names: Names) -> int | Pv:
        """The number of the level."""
        if text.startswith("$"):
            return names.pv(text.rstrip(" "))
        if len(text) < 3:
            raise FixupError("wrong log level", "MD019", "levels are L_ALERT to L_DBG")
        if text[0] == "L" and text[1] == "_":
            if text[2] == "C":
                return CRIT2 if text == "L_CRIT2" else CRIT
            if text[2] in _LETTERS:
                return _LETTERS[text[2]]
        raise FixupError(f"unknown log level {text}", "MD019", "levels are L_ALERT to L_DBG")

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int | None]:
        """The number; None, with a complaint, when the variable holds none."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read = scope.read(parsed)
        number = parsed.variable.number and parsed.variable.number(scope, None, None)
        services = scope.services

        def level(run: Run) -> int | None:
            value: Value = number(run) if number else read(run)
            if isinstance(value, int) and value is not FAILED:
                return value
            services.diag("ERROR", f"invalid log level value [{1 if value is None else 4}]", "xlog", run.at)
            return None

        return level


class Facility:
    """A syslog facility, like `LOG_LOCAL0`."""

    form = "facility"

    def parse(self, text: str, names: Names) -> str:
        """A known facility."""
        if text not in _FACILITIES:
            raise FixupError(f"invalid syslog facility {text}")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """Its name."""
        return Constant(parsed)


LEVEL = Level()
FACILITY = Facility()


def level_name(level: int) -> str:
    """How a level is printed."""
    return NAMES[min(max(level, ALERT), DBG) + 5]


def _printer(scope: Scope, state: XlogSettings, level: Arg[int | None], form: Arg[str], *, lines: bool = False) -> Bound:
    """What prints one line of a level, when it is not above `debug`."""
    if not state.ready:  # event_route[core:modinit-before] of newer versions
        return lambda run: 1
    services = scope.services
    text = reader(form)
    head = _position(state) if lines else None

    def put(run: Run, number: int) -> int:
        if number > services.levels.get("xlog", services.debug):
            return 1
        # Kamailio prints the line as a C string.
        line = text(run).partition("\0")[0]
        if len(line) >= state.buf_size:
            services.diag("ERROR", "buffer overflow -- increase the buffer size...", "core", run.at)
            return -1
        services.log(level_name(number), head(run) + line if head else line, run, "xlog")
        return 1

    if isinstance(level, Constant):
        fixed = level.value
        assert fixed is not None
        return lambda run: put(run, fixed)

    def put_at(run: Run) -> int:
        number = level(run)
        return -1 if number is None else put(run, number)

    return put_at


def _position(state: XlogSettings) -> Callable[[Run], str]:
    def position(run: Run) -> str:
        if run.at is None:
            return ""
        line = f"{run.at.finish.line}:"
        return f"{run.at.source.name}:{line}" if state.long_format else line

    return position


@xlog.function("xlog", FORMAT, bound=True)
def xlog_error(scope: Scope, state: XlogSettings, text: Arg[str]) -> Bound:
    """Logs a line at level ERROR; variables in it are expanded. It adds no newline.

    Example: xlog("$rm from $si:$sp to $ru\\n");
    """
    return _printer(scope, state, Constant(ERR), text)


@xlog.function("xlog", LEVEL, FORMAT, bound=True)
def xlog_level(scope: Scope, state: XlogSettings, level: Arg[int | None], text: Arg[str]) -> Bound:
    """Logs a line at a level (L_ALERT, L_BUG, L_CRIT, L_ERR, L_WARN, L_NOTICE, L_INFO, L_DBG, or a variable with its number).

    Printed only when `debug` is at least that level. -1 when the variable holds no number.

    Example: xlog("L_WARN", "no user in $ru\\n");
    """
    return _printer(scope, state, level, text)


@xlog.function("xlog", FACILITY, LEVEL, FORMAT, bound=True)
def xlog_facility(scope: Scope, state: XlogSettings, facility: Arg[str], level: Arg[int | None], text: Arg[str]) -> Bound:
    """Logs a line at a level with a syslog facility.

    Example: xlog("LOG_LOCAL0", "L_ERR", "$rm\\n");
    """
    return _printer(scope, state, level, text)


@xlog.function("xlogl", FORMAT, bound=True)
def xlogl_error(scope: Scope, state: XlogSettings, text: Arg[str]) -> Bound:
    """Logs a line at level ERROR with the line of the script in front.

    Example: xlogl("$rm\\n");
    """
    return _printer(scope, state, Constant(ERR), text, lines=True)


@xlog.function("xlogl", LEVEL, FORMAT, bound=True)
def xlogl_level(scope: Scope, state: XlogSettings, level: Arg[int | None], text: Arg[str]) -> Bound:
    """Logs a line at a level with the line of the script in front.

    Example: xlogl("L_WARN", "$rm\\n");
    """
    return _printer(scope, state, level, text, lines=True)


@xlog.function("xlogl", FACILITY, LEVEL, FORMAT, bound=True)
def xlogl_facility(scope: Scope, state: XlogSettings, facility: Arg[str], level: Arg[int | None], text: Arg[str]) -> Bound:
    """Logs a line at a level with a syslog facility and the line of the script in front.

    Example: xlogl("LOG_LOCAL0", "L_WARN", "$rm\\n");
    """
    return _printer(scope, state, level, text, lines=True)


@xlog.function("xlogm", LEVEL, FORMAT, bound=True)
def xlogm(scope: Scope, state: XlogSettings, level: Arg[int | None], text: Arg[str]) -> Bound:
    """Logs a line at a level unless the method is one of the parameter methods_filter, which holds all of them by default.

    Example: xlogm("L_ERR", "$rm\\n");
    """
    put = _printer(scope, state, level, text)
    return lambda run: 1 if method_id(run) & state.methods_filter else put(run)


def _fixed(name: str, level: int, *, lines: bool = False) -> None:
    def make(scope: Scope, state: XlogSettings, text: Arg[str]) -> Bound:
        return _printer(scope, state, Constant(level), text, lines=lines)

    behind = " with the line of the script in front" if lines else ""
    make.__doc__ = f'Logs a line at level {level_name(level)}{behind}.\n\nExample: {name}("$rm\\n");'
    xlog.function(name, FORMAT, bound=True)(make)


for _name, _level in (
    ("xalert", ALERT), ("xbug", BUG), ("xcrit", CRIT), ("xerr", ERR), ("xwarn", WARN), ("xnotice", NOTICE), ("xinfo", INFO), ("xdbg", DBG)
):  # fmt: skip
    _fixed(_name, _level)
_fixed("xdbgl", DBG, lines=True)


class Color:
    """Foreground and background of `$C(xy)`: `s r g y b p c w`, `x` for the terminal's own; an upper-case foreground is bright."""

    form = "colours"

    def parse(self, text: str, names: Names) -> str:
        """The escape sequence."""
        if len(text) != 2:
            raise FixupError(f"invalid color name {text}")
        return escape(text)

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The escape sequence."""
        return Constant(parsed)


def escape(colors: str) -> str:
    """The escape sequence of a terminal for two letters of colours.

    Raises FixupError.
    """
    front, back = colors[0], colors[1]
    if front == "X" or front.lower() not in _SGR or back not in _SGR:
        raise FixupError(f"invalid color name {colors}")
    weight = 1 if front.isupper() else 0
    text, ground = 30 + _SGR[front.lower()], 40 + _SGR[back]
    return f"\x1b[{weight};{text};{ground}m"


@xlog.variables_of("C", inner=Color())
def color(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """Colours of a terminal: the first letter is the text, the second the background.

    Example: xlog("$C(rx)alarm$C(xx)\\n");
    """
    assert isinstance(inner, Constant)
    sequence: Any = inner.value
    return lambda run: str(sequence)
