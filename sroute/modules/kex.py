"""kex: script and branch flags by number, destination URI, is_myself(), formatted assignment, log level of the worker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sroute.exports.fixups import FORMAT, INTEGER, TARGET, PvRef, Scope
from sroute.exports.module import Module
from sroute.exports.variable import Index
from sroute.modules.counters import commands
from sroute.runtime.dset import Branch
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value
from sroute.sip import uri as uris

HIGHEST_FLAG = 31


@dataclass(slots=True)
class Extensions:
    """The services, the log level that setdebug() has replaced, and the counter of `$sruid`."""

    services: Services | None = None
    debug: int | None = None
    ruids: int = 0


kex = Module("kex", Extensions, "Flags by number, destination URI, is_myself(), formatted assignment, log level of the worker.")


def _init(state: Extensions, scope: Any) -> None:
    state.services = scope.services


kex.hooks.init.append(_init)
commands.declare(kex)


def _bit(number: int) -> int:
    """The bit of a flag; 0 for a number that is none."""
    return 1 << number if 0 <= number <= HIGHEST_FLAG else 0


# ---------------------------------------------------------------- script flags


@kex.function("setsflag", INTEGER)
def setsflag(state: Extensions, run: Run, flag: int) -> int:
    """Sets a script flag (0 to 31); they are reset for every message.

    Example: setsflag("3"); xlog("$sf\\n");
    """
    run.process.script_flags |= _bit(flag)
    return 1 if _bit(flag) else -1


@kex.function("resetsflag", INTEGER)
def resetsflag(state: Extensions, run: Run, flag: int) -> int:
    """Resets a script flag.

    Example: resetsflag("3");
    """
    run.process.script_flags &= ~_bit(flag)
    return 1 if _bit(flag) else -1


@kex.function("issflagset", INTEGER)
def issflagset(state: Extensions, run: Run, flag: int) -> int:
    """Whether a script flag is set.

    Example: if (issflagset("3")) xlog("set\\n");
    """
    return 1 if run.process.script_flags & _bit(flag) else -1


# ---------------------------------------------------------------- branch flags

Change = Callable[[int, int], int]


def _set(flags: int, bit: int) -> int:
    return flags | bit


def _reset(flags: int, bit: int) -> int:
    return flags & ~bit


def _branch(run: Run, number: int) -> Branch | None:
    """An appended branch by its number, which counts from 1."""
    branches = run.dset.branches
    return branches[number - 1] if 1 <= number <= len(branches) else None


def _change(run: Run, flag: int, number: int, change: Change) -> int:
    bit = _bit(flag)
    if not bit:
        return -1
    if not number:
        run.dset.ruri_flags = change(run.dset.ruri_flags, bit)
        return 1
    branch = _branch(run, number)
    if branch is None:
        return -1
    branch.flags = change(branch.flags, bit)
    return 1


@kex.function("setbflag", INTEGER)
@kex.function("setbflag", INTEGER, INTEGER)
def setbflag(state: Extensions, run: Run, flag: int, branch: int = 0) -> int:
    """Sets a branch flag (0 to 31), of the Request-URI's branch or of an appended one, which count from 1.

    Example: setbflag("6"); xlog("$bf\\n");
    """
    return _change(run, flag, branch, _set)


@kex.function("resetbflag", INTEGER)
@kex.function("resetbflag", INTEGER, INTEGER)
def resetbflag(state: Extensions, run: Run, flag: int, branch: int = 0) -> int:
    """Resets a branch flag, of the Request-URI's branch or of an appended one, which count from 1.

    Example: resetbflag("6");
    """
    return _change(run, flag, branch, _reset)


@kex.function("isbflagset", INTEGER)
@kex.function("isbflagset", INTEGER, INTEGER)
def isbflagset(state: Extensions, run: Run, flag: int, branch: int = 0) -> int:
    """Whether a branch flag is set, of the Request-URI's branch or of an appended one, which count from 1.

    Example: if (isbflagset("6")) xlog("set\\n");
    """
    if not branch:
        return 1 if run.dset.ruri_flags & _bit(flag) else -1
    appended = _branch(run, branch)
    return 1 if appended is not None and appended.flags & _bit(flag) else -1


# ---------------------------------------------------------------- destination


@kex.function("setdsturi", FORMAT)
def setdsturi(state: Extensions, run: Run, uri: str) -> int:
    """Sets the destination URI (`$du`) without looking at it; an empty one unsets it.

    Example: setdsturi("sip:10.0.0.1:5060");
    """
    run.message.dst_uri = uri or None
    return 1


@kex.function("resetdsturi")
def resetdsturi(state: Extensions, run: Run) -> int:
    """Unsets the destination URI.

    Example: resetdsturi();
    """
    run.message.dst_uri = None
    return 1


@kex.function("isdsturiset")
def isdsturiset(state: Extensions, run: Run) -> int:
    """Whether there is a destination URI.

    Example: if (isdsturiset()) xlog("$du\\n");
    """
    return 1 if run.message.dst_uri else -1


@kex.function("is_myself", FORMAT)
def is_myself(state: Extensions, run: Run, uri: str) -> int:
    """Whether a URI or a host is one of the server's own addresses or aliases.

    Example: if (is_myself("$fu")) xlog("from here\\n");
    """
    assert state.services is not None
    if uri[:4].lower() == "sip:" or uri[:5].lower() == "sips:":
        parsed = uris.parse(uri)
        if parsed is None:
            state.services.diag("ERROR", f"failed to parse uri [{uri}]", "kex", run.at)
            return -1
        host, port, proto = parsed.host, parsed.port_number, parsed.proto or ""
    else:
        host, port, proto = uri, 0, ""
    return 1 if host and state.services.is_myself(host, port, proto) else -1


@kex.function("is_myhost", FORMAT, since="5.8")
def is_myhost(state: Extensions, run: Run, host: str) -> int:
    """Whether a host is one of the server's own addresses or aliases.

    Example: if (is_myhost("$fd")) xlog("from here\\n");
    """
    assert state.services is not None
    return 1 if host and state.services.is_myself(host, 0, "") else -1


# ---------------------------------------------------------------- assignment, log level


@kex.function("avp_printf", TARGET, FORMAT)
@kex.function("pv_printf", TARGET, FORMAT)
def pv_printf(state: Extensions, run: Run, target: PvRef, text: str) -> int:
    """Assigns a text in which variables are expanded; -1 when the variable refuses it.

    Example: pv_printf("$var(line)", "$rm from $si");
    """
    assert state.services is not None
    try:
        target.set(run, text)
    except AssignError as error:
        for text in error.args:
            state.services.diag("ERROR", text, "pv", run.at)
        state.services.diag("ERROR", "setting PV failed", "kex", run.at)
        return -1
    return 1


@kex.function("setdebug", INTEGER)
def setdebug(state: Extensions, run: Run, level: int) -> int:
    """Sets the log level of this worker: 3 logs all, -1 errors only.

    Example: setdebug("3"); xlog("L_DBG", "shown\\n"); resetdebug();
    """
    assert state.services is not None
    if state.debug is None:
        state.debug = state.services.debug
    state.services.debug = level
    return 1


@kex.function("resetdebug")
def resetdebug(state: Extensions, run: Run) -> int:
    """Sets the log level of this worker back to that of the script.

    Example: resetdebug();
    """
    assert state.services is not None
    if state.debug is not None:
        state.services.debug, state.debug = state.debug, None
    return 1


@kex.variables_of("sruid")
def sruid(scope: Scope, inner: None, index: Index) -> Read:
    """A text that is unique: `srid-<time>-<process>-<count>`, a new one at each use.

    Example: append_hf("X-Id: $sruid\\r\\n");
    """
    services = scope.services
    state = services.state("kex")
    assert isinstance(state, Extensions)

    def read(run: Run) -> Value:
        state.ruids += 1
        return f"srid-{int(services.clock.started):x}-{run.process.pid:x}-{state.ruids:x}"

    return read
