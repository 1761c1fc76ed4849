"""`KSR` itself, `KSR.pv`, `KSR.hdr` not: logs, variables, `is_METHOD`, `x.modf`, and sl."""

from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import FixupError, reader
from sroute.exports.module import Module
from sroute.kemi.calls import KemiFunction, Result, declared
from sroute.kemi.engine import Context
from sroute.modules.sl import sl
from sroute.runtime.flow import AssignError, EvalError
from sroute.runtime.run import Read
from sroute.runtime.values import FAILED, Value

LEVELS = {"crit": "CRITICAL", "err": "ERROR", "warn": "WARNING", "notice": "NOTICE", "info": "INFO", "dbg": "DEBUG"}
METHODS = [
    "ACK",
    "BYE",
    "CANCEL",
    "DELETE",
    "GET",
    "INFO",
    "INVITE",
    "KDMQ",
    "MESSAGE",
    "NOTIFY",
    "OPTIONS",
    "POST",
    "PRACK",
    "PUBLISH",
    "PUT",
    "REFER",
    "REGISTER",
    "SUBSCRIBE",
    "UPDATE",
]
_LETTERS = {"I": "INVITE", "A": "ACK", "C": "CANCEL", "B": "BYE", "R": "REGISTER", "M": "MESSAGE", "O": "OPTIONS", "S": "SUBSCRIBE"}
_LETTERS |= {"P": "PUBLISH", "N": "NOTIFY", "U": "UPDATE", "K": "KDMQ", "G": "GET", "T": "POST", "V": "PUT", "D": "DELETE", "F": "REFER"}
MOST_BOUND = 10_000
"""Variables that are kept bound: a file may make up names without end."""


class NoFunctionError(Exception):
    """modf() of a name that no module has."""


# ------------------------------------------------------------ variables


def _reader(context: Context, name: str) -> Read | None:
    read = context.readers.get(name)
    if read is None:
        try:
            read = context.scope.read(context.scope.names.pv(name))
        except FixupError as error:
            context.complain(f"invalid pv [{name}]: {error.message}")
            return None
        if len(context.readers) >= MOST_BOUND:
            context.readers.clear()
        context.readers[name] = read
    return read


def _value(context: Context, name: str) -> Value:
    read = _reader(context, name)
    try:
        value = None if read is None else read(context.running)
    except EvalError:
        value = FAILED
    if value is FAILED:
        context.complain(f"unable to get pv value for [{name}]")
        return None
    return value


def get(context: Context, name: str) -> Result:
    """The value of a variable, or None."""
    return _value(context, name)


def get_or(context: Context, name: str, default: Value) -> Result:
    """The value of a variable, or the default."""
    value = _value(context, name)
    return default if value is None else value


def is_null(context: Context, name: str) -> Result:
    """Whether a variable is null."""
    return _value(context, name) is None


def assign(context: Context, name: str, value: Value) -> Result:
    """Sets a variable; one that is read-only stays as it is, which is no failure in 5.6.3."""
    write = context.writers.get(name)
    if write is None:
        try:
            pv = context.scope.names.pv(name)
            write = context.scope.write(pv) if pv.writable else lambda run, value: None
        except FixupError as error:
            context.complain(f"invalid pv [{name}]: {error.message}")
            return False
        if len(context.writers) >= MOST_BOUND:
            context.writers.clear()
        context.writers[name] = write
    try:
        write(context.running, value)
    except AssignError:
        context.complain(f"unable to set pv [{name}]")
        return False
    return True


def unset(context: Context, name: str) -> Result:
    """Sets a variable to null."""
    return assign(context, name, None)


# ------------------------------------------------------------ KSR itself


def _log(level: str) -> Callable[..., Result]:
    def log(context: Context, text: str) -> Result:
        context.services.log(level, text, context.running)
        return None

    return log


def _is(method: str) -> Callable[..., Result]:
    return lambda context: context.running.message.method == method


def is_method(context: Context, method: str) -> Result:
    """Whether the message has that method."""
    return context.running.message.method == method


def is_method_in(context: Context, letters: str) -> Result:
    """Whether the message has one of the methods that letters stand for: I INVITE, O OPTIONS, R REGISTER ..."""
    return any(_LETTERS.get(letter) == context.running.message.method for letter in letters)


def modf(context: Context, modules: list[Module[Any]], name: str, args: tuple[str, ...]) -> int:
    """Calls a function of the script language.

    Raises NoFunctionError for a name that no module has with that many arguments.
    """
    for module in modules:
        function = module.functions.get((name, len(args)))
        if function is not None:
            break
    else:
        raise NoFunctionError(name)
    scope, state = context.scope, context.services.state(module.name)
    try:
        bound = [fixup.bind(fixup.parse(text, scope.names), scope) for fixup, text in zip(function.params, args, strict=True)]
    except FixupError as error:
        context.complain(f"function {name}: {error.message}")
        return -1
    if function.bound:
        code: int = function.implementation(scope, state, *bound)(context.running)
    else:
        code = function.implementation(state, context.running, *(reader(arg)(context.running) for arg in bound))
    return code


def functions() -> list[KemiFunction]:
    """All of these, but modf, which takes any number of arguments."""
    made = [KemiFunction("", name, ("str",), _log(level)) for name, level in LEVELS.items()]
    made += [KemiFunction("", f"is_{method}", (), _is(method)) for method in METHODS]
    made += [KemiFunction("", "is_method", ("str",), is_method), KemiFunction("", "is_method_in", ("str",), is_method_in)]
    made += [
        KemiFunction("pv", "get", ("str",), get),
        KemiFunction("pv", "gete", ("str",), lambda context, name: get_or(context, name, "")),
        KemiFunction("pv", "getw", ("str",), lambda context, name: get_or(context, name, "<null>")),
        KemiFunction("pv", "getvn", ("str", "int"), get_or),
        KemiFunction("pv", "getvs", ("str", "str"), get_or),
        KemiFunction("pv", "seti", ("str", "int"), assign),
        KemiFunction("pv", "sets", ("str", "str"), assign),
        KemiFunction("pv", "unset", ("str",), unset),
        KemiFunction("pv", "is_null", ("str",), is_null),
    ]
    return made + declared(sl, ("sl_send_reply", "send_reply"))
