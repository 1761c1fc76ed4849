"""The module's parameters, and what it does at each action."""

from dataclasses import dataclass, field

from sroute.errors import NotSimulatedError
from sroute.exports.fixups import Scope
from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.runtime.actions import Action
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value, parse_int

LEVELS = ("ALERT", "BUG", "CRITICAL", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
"""Level names from -5 to 3."""
FACILITIES = (
    "LOG_AUTH", "LOG_AUTHPRIV", "LOG_CRON", "LOG_DAEMON", "LOG_FTP", "LOG_KERN", "LOG_LPR", "LOG_MAIL", "LOG_NEWS", "LOG_USER", "LOG_UUCP",
    *(f"LOG_LOCAL{number}" for number in range(8)),
)  # fmt: skip
DEFAULT_FACILITY = "LOG_DAEMON"
TRACED, STOPPED = 1, 2
"""What a process is set to: it logs its actions; it stops at each."""


@dataclass(slots=True)
class Debugger:
    """The module's settings; implements runtime.actions.ActionWatch."""

    cfgtrace: int = 0
    cfgtrace_format: int = 0
    breakpoint: int = 0
    log_level: int = -1
    log_prefix: str = "*** cfgtrace:"
    mod_hash_size: int = 0
    mod_level_mode: int = 0
    mod_facility_mode: int = 0
    log_assign: int = 0
    reset_msgid: int = 0
    levels: dict[str, int] = field(default_factory=dict)
    facilities: dict[str, str] = field(default_factory=dict)
    services: Services | None = None
    scope: Scope | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def before(self, run: Run, action: Action) -> None:
        """Logs an action that is about to begin, or stops at it."""
        if self.cfgtrace:
            self.instance.diag(level_name(self.log_level), self.log_prefix + self._line(action), "debugger", run.at)
        if self.breakpoint:
            place = f"{action.file}:{action.line}"
            raise NotSimulatedError(f"breakpoint at {place} ({action.name}): Kamailio waits there for the RPC command dbg.bp, sroute can't")

    def _line(self, action: Action) -> str:
        block = f"dbg_cfg_trace(): {action.kind}=[{action.route}]"
        file = "" if self.cfgtrace_format else f" c=[{action.file}]"
        return f"{block}{file} l={action.line} a={action.code} n={action.name}"

    def assigned(self, run: Run, name: str, value: Value) -> None:
        """Logs an assignment."""
        if self.log_assign:
            shown = " $null" if value is None else f'"{value}"' if isinstance(value, str) else str(value)
            self.instance.diag("DEBUG", f"{name}:{shown}", "debugger", run.at)

    def apply_levels(self) -> None:
        """Gives modules the levels of their own, where that is switched on."""
        self.instance.levels.clear()
        if self.mod_level_mode:
            self.instance.levels.update(self.levels)


def level_name(level: int) -> str:
    """The name of a level."""
    return LEVELS[min(max(level, -5), 3) + 5]


debugger = Module("debugger", Debugger, "The script's actions in the log, log levels of single modules, dumps of variables and messages.")
debugger.setting("cfgtrace", "int", doc="1: each action is logged (0).")
debugger.setting("cfgtrace_format", "int", doc="1: without the name of the file (0).")
debugger.setting(
    "breakpoint", "int", doc="1: Kamailio stops at each action until `dbg.bp next`; sroute ends the message there, loudly (0)."
)
debugger.setting("log_level", "int", doc="The level at which actions are logged (-1, errors).")
debugger.setting("log_prefix", "str", doc="What stands before a logged action (`*** cfgtrace:`).")
debugger.setting("mod_hash_size", "int", doc="Above 0: modules can have log levels and facilities of their own (0).")
debugger.setting("mod_level_mode", "int", doc="1: the log levels of mod_level count (0).")
debugger.setting("mod_facility_mode", "int", doc="1: the facilities of mod_facility count (0).")
debugger.setting("log_assign", "int", doc="1: each assignment is logged at the level of debug messages (0).")
debugger.setting("reset_msgid", "int", doc="1: `dbg.reset_msgid` may let `$mi` begin anew (0).")


@debugger.param("mod_level", "str")
def mod_level(state: Debugger, value: int | str) -> None:
    """Gives a module a log level of its own: `xlog=3`; `core` is one, too. Counts with mod_hash_size and mod_level_mode."""
    name, number = _pair(value, "level")
    level = parse_int(number)
    if level is None:
        raise ParamError(f"invalid level in {value!r}")
    state.levels[name] = level


@debugger.param("mod_facility", "str")
def mod_facility(state: Debugger, value: int | str) -> None:
    """Gives a module a facility of syslog: `core=LOG_LOCAL0`. Counts with mod_hash_size and mod_facility_mode."""
    name, facility = _pair(value, "facility")
    if facility not in FACILITIES:
        raise ParamError(f"unknown facility {facility!r}")
    state.facilities[name] = facility


def _pair(value: int | str, what: str) -> tuple[str, str]:
    name, equals, text = str(value).partition("=")
    if not equals or not name:
        raise ParamError(f"no {what} in {value!r}: write module={what}")
    return name.strip(), text.strip()


@debugger.hooks.init.append
def _init(state: Debugger, scope: Scope) -> None:
    state.services, state.scope = scope.services, scope
    if state.mod_hash_size <= 0:
        state.levels.clear()
        state.facilities.clear()
    scope.services.actions.append(state)
    state.apply_levels()
