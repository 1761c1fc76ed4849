"""Functions for the script."""

import re
from dataclasses import dataclass

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.modules.debugger.declaration import DEFAULT_FACILITY, FACILITIES, Debugger, debugger, level_name
from sroute.modules.debugger.dumping import changes, dump
from sroute.runtime.run import Run
from sroute.sip.relay import apply_changes, header_changes

NAMED = {"L_ALERT": -5, "L_BUG": -4, "L_CRIT": -3, "L_ERR": -1, "L_WARN": 0, "L_NOTICE": 1, "L_INFO": 2, "L_DBG": 3}
EVERYTHING = 31
_CALL = re.compile(r"[^#]*\bdbg_sip_msg\s*\(", re.A)


@dataclass(frozen=True, slots=True)
class Level:
    """The name of a log level: `L_ERR`."""

    form: str = "level"

    def parse(self, text: str, names: Names) -> int:
        """The number of the level."""
        if text not in NAMED:
            raise FixupError(f"unknown log level {text!r}", hint="one of " + ", ".join(NAMED))
        return NAMED[text]

    def bind(self, parsed: int, scope: Scope) -> Arg[int]:
        """The number of the level."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Facility:
    """The name of a facility of syslog: `LOG_LOCAL0`."""

    form: str = "facility"

    def parse(self, text: str, names: Names) -> str:
        """The name."""
        if text not in FACILITIES:
            raise FixupError(f"unknown log facility {text!r}", hint=DEFAULT_FACILITY)
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The name."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Number:
    """A constant number."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int:
        """The number."""
        if not text.isdigit():
            raise FixupError(f"{text!r} is no number")
        return int(text[:9])

    def bind(self, parsed: int, scope: Scope) -> Arg[int]:
        """The number."""
        return Constant(parsed)


LEVEL, FACILITY, NUMBER = Level(), Facility(), Number()


@debugger.function("dbg_breakpoint", NUMBER)
def dbg_breakpoint(state: Debugger, run: Run, mode: int) -> int:
    """Marks a place for the interactive debugger; 5.6.3 does nothing there.

    Example: dbg_breakpoint("1");
    """
    return 1


@debugger.function("dbg_pv_dump")
def dbg_pv_dump(state: Debugger, run: Run) -> int:
    """Logs all variables that the script names, as JSON, at the level of debug messages.

    Example: dbg_pv_dump();
    """
    return _dump(state, run, EVERYTHING - 1, 3)


@debugger.function("dbg_pv_dump", NUMBER)
def dbg_pv_dump_mask(state: Debugger, run: Run, mask: int) -> int:
    """As without argument, of some kinds: 1 null values, 2 AVPs, 4 script variables, 8 XAVPs, 16 others.

    Example: dbg_pv_dump(30);
    """
    return _dump(state, run, mask, 3)


@debugger.function("dbg_pv_dump", NUMBER, LEVEL)
def dbg_pv_dump_level(state: Debugger, run: Run, mask: int, level: int) -> int:
    """As with one argument, at a log level.

    Example: dbg_pv_dump(30, "L_ERR");
    """
    return _dump(state, run, mask, level)


def _dump(state: Debugger, run: Run, mask: int, level: int) -> int:
    assert state.scope is not None
    state.instance.diag(level_name(level), dump(state.scope, run, mask), "debugger", run.at)
    return 1


@debugger.function("dbg_sip_msg")
def dbg_sip_msg(state: Debugger, run: Run) -> int:
    """Logs the message as it would leave now, and what has been changed in it.

    Example: dbg_sip_msg();
    """
    return _message(state, run, 0)


@debugger.function("dbg_sip_msg", LEVEL)
def dbg_sip_msg_level(state: Debugger, run: Run, level: int) -> int:
    """As without argument, at a log level.

    Example: dbg_sip_msg("L_ERR");
    """
    return _message(state, run, level)


@debugger.function("dbg_sip_msg", LEVEL, FACILITY)
def dbg_sip_msg_facility(state: Debugger, run: Run, level: int, facility: str) -> int:
    """As with one argument, to a facility of syslog (which makes no difference here).

    Example: dbg_sip_msg("L_ERR", "LOG_LOCAL0");
    """
    return _message(state, run, level)


def _message(state: Debugger, run: Run, level: int) -> int:
    """The message between lines of dashes; the line that is named is that of the last call in the script (5.6.3)."""
    assert run.at is not None
    lines = run.at.source.text.split("\n")
    last = max((number for number, line in enumerate(lines, 1) if _CALL.match(line)), default=0)
    message = run.message
    whole = apply_changes(message)
    message.lumps = header_changes(message)  # 5.6.3 leaves its change of Content-Length there; it is made again on sending
    headers, body = changes(message.text, message.lumps), changes(message.text, message.body_lumps)
    text = (
        f"CONFIG LINE {last}\n{' START OF SIP message debug ':-^79}\n{whole}"
        f"{' SIP header diffs ':-^79}\n{headers}{' SIP body diffs ':-^79}\n{body}{' END OF SIP message debug ':-^79}\n"
    )
    state.instance.diag(level_name(level), text, "debugger", run.at)
    return 1
