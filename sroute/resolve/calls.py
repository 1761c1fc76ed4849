"""Calls of module functions: does the form exist, may it stand here, do its arguments fit."""

from sroute.exports.fixups import FixupError
from sroute.exports.function import CallPlan, Function
from sroute.resolve import renamed
from sroute.resolve.constants import Constants
from sroute.resolve.names import NameTable
from sroute.resolve.places import TITLES, WRITTEN_IN
from sroute.resolve.types import Report
from sroute.source.diagnostic import Diagnostic
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Call, Expression, RouteKind

MAX_ARGUMENTS = 6


def lookup(call: Call, names: NameTable, report: Report) -> Function | None:
    """The declared form of a call; reports an unknown name or a wrong number of arguments."""
    arity = len(call.args)
    if arity > MAX_ARGUMENTS:
        text = f"{call.name}() has {arity} arguments, {MAX_ARGUMENTS} are the most"
        report(Diagnostic("MD011", "error", text, call.name_span))
        return None
    found = names.function(call.name, arity)
    if found is None:
        report(_unknown(call, names))
    return found


def _unknown(call: Call, names: NameTable) -> Diagnostic:
    written = {n: function for module in names.modules for (name, n), function in module.functions.items() if name == call.name}
    forms = sorted(n for n, function in written.items() if not function.since or names.dialect.newer)
    if written and not forms:
        text = f"{call.name}() came with Kamailio {next(iter(written.values())).since}"
        return Diagnostic("UP002", "error", text, call.name_span, f"this is {names.dialect.version}; see --kamailio")
    if forms:
        text = f"{call.name}() does not take {len(call.args)} argument{'s' * (len(call.args) != 1)}"
        hint = f"it takes {' or '.join(map(str, forms))}"
        return Diagnostic("MD011", "error", text, call.name_span, hint)
    owners = names.catalog.owners("function", call.name)
    if any(module.name in owners for module in names.modules):
        text = f"{call.name}() came with a newer version of {owners[0]}"
        return Diagnostic("UP002", "error", text, call.name_span, f"this is {names.dialect.version}; see --kamailio")
    if owners:
        text = f"unknown function {call.name}()"
        return Diagnostic("MD010", "error", text, call.name_span, f'missing loadmodule "{owners[0]}.so"?')
    known = {name for module in names.modules for name, _ in module.functions}
    same = next((name for name in known if name.lower() == call.name.lower()), None)
    if same:
        return Diagnostic("MD012", "error", f"unknown function {call.name}()", call.name_span, f"names are case-sensitive: {same}")
    if call.name in renamed.FUNCTIONS:
        return Diagnostic("UP001", "error", f"unknown function {call.name}()", call.name_span, f"use {renamed.FUNCTIONS[call.name]}")
    if call.name in ("elseif", "elsif", "elif"):
        return Diagnostic("SY006", "error", f"there is no {call.name}", call.name_span, "write `else if`")
    return Diagnostic("MD009", "error", f"unknown function {call.name}()", call.name_span, did_you_mean(call.name, known))


def place(call: Call, function: Function, kind: RouteKind, report: Report) -> None:
    """Reports a function that may not stand in this kind of block."""
    if not function.routes & WRITTEN_IN[kind]:
        text = f"{call.name}() can't be used in {TITLES[kind]}"
        report(Diagnostic("RT031", "error", text, call.name_span, "Kamailio: Command cannot be used in the block"))


def constants(call: Call, function: Function, known: Constants, report: Report) -> bool:
    """Reports arguments that are computed where only constants are taken; whether all is well."""
    fine = True
    for number, arg in enumerate(call.args, 1):
        if function.constant and known.of(arg) is None:
            text = f"function {call.name}: parameter {number} is not constant"
            report(Diagnostic("SY013", "error", text, arg.span, "put it into double quotes"))
            fine = False
    return fine


def plan(call: Call, function: Function, names: NameTable, known: Constants, report: Report) -> CallPlan:
    """Parses the constant arguments; what the fixups refuse dies at start."""
    parsed: list[object] = []
    for fixup, arg in zip(function.params, call.args, strict=False):
        text = argument_text(arg, known)
        if text is None:
            parsed.append(None)
            continue
        try:
            parsed.append(fixup.parse(text, names))
        except FixupError as error:
            code = error.code or ("MD018" if "$" in text else "MD016")
            report(Diagnostic(code, "error", f"{call.name}(): {error.message}", arg.span, error.hint))
            parsed.append(None)
    return CallPlan(function, tuple(parsed))


def argument_text(arg: Expression, known: Constants) -> str | None:
    """The text of a constant argument; None for one that is computed."""
    value = known.of(arg)
    return None if value is None else str(value)
