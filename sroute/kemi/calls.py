"""Functions of KSR made from the declarations of script functions.

A script function takes text that may hold variables; KEMI hands over values. What a fixup would make of the text is made of the value.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sroute.errors import NotSimulatedError
from sroute.exports.fixups import FORMAT, INTEGER, TEXT, AnyFixup, Arg, Constant, FixupError, reader
from sroute.exports.function import Function
from sroute.exports.loose import OrAvp
from sroute.exports.module import Module
from sroute.kemi.engine import MOST_KEPT, Context
from sroute.kemi.facts import Export
from sroute.modules.auth.functions import NOT_EMPTY
from sroute.modules.auth.functions import NUMBER as AUTH_NUMBER
from sroute.modules.htable.keys import NUMBER
from sroute.modules.pv.keys import TextOrVariable
from sroute.modules.registrar.saving import URI, TableName
from sroute.modules.tm.arguments import MAYBE_INT, MAYBE_TEXT, Handler
from sroute.modules.usrloc.declaration import Usrloc
from sroute.runtime.flow import EvalError
from sroute.runtime.run import Run
from sroute.runtime.values import Value

Result = Value | bool
Implementation = Callable[..., Result]
"""(context, *values) -> what the function gives."""

_PLAIN: tuple[AnyFixup, ...] = (FORMAT, TEXT, INTEGER, MAYBE_TEXT, MAYBE_INT, NUMBER, NOT_EMPTY, AUTH_NUMBER, URI)
"""Arguments whose value is what the implementation gets."""


@dataclass(frozen=True, slots=True)
class KemiFunction:
    """One function of KSR as an engine offers it."""

    export: Export
    call: Implementation


def not_simulated(export: Export) -> Implementation:
    """A function of a module that is loaded, which this project does not know: it ends the message."""

    def call(context: Context, *args: Value) -> Result:
        raise NotSimulatedError(f"KSR.{export.label}() of module {export.owner or 'core'} is not simulated")

    return call


def of_script(module: Module[Any], name: str, given: int, extra: tuple[int | str, ...] = ()) -> Implementation | None:
    """A function of KSR that does what a script function does; extra are values behind those that KEMI gives. None without one."""
    function = module.functions.get((name, given + len(extra)))
    if function is None or not function.simulated:
        return None

    def call(context: Context, *args: int | str) -> Result:
        key = (function, *args, *extra)
        bound = context.calls.get(key)
        if bound is None:
            try:
                bound = _bound(context, function, (*args, *extra))
            except FixupError as error:
                context.complain(f"{name}: {error.message}", module.name)
                return -1
            if len(context.calls) >= MOST_KEPT:
                context.calls.clear()
            context.calls[key] = bound
        try:
            return bound(context.running)
        except EvalError:
            return -1

    return call


def changed(call: Implementation, other: dict[int, int]) -> Implementation:
    """A function that gives other numbers."""

    def result(context: Context, *args: Value) -> Result:
        found = call(context, *args)
        return other.get(found, found) if isinstance(found, int) else found

    return result


def _bound(context: Context, function: Function, values: tuple[int | str, ...]) -> Callable[[Run], int]:
    scope, state = context.scope, context.services.state(function.module)
    args = [_arg(fixup, value, context) for fixup, value in zip(function.params, values, strict=True)]
    if function.bound:
        made: Callable[[Run], int] = function.implementation(scope, state, *args)
        return made
    implementation = function.implementation
    if all(isinstance(arg, Constant) for arg in args):
        plain = [arg.value for arg in args if isinstance(arg, Constant)]
        return lambda run: implementation(state, run, *plain)
    reads = [reader(arg) for arg in args]
    return lambda run: implementation(state, run, *(read(run) for read in reads))


def _arg(fixup: AnyFixup, value: int | str, context: Context) -> Arg[Any]:
    if any(fixup is known for known in _PLAIN) or isinstance(fixup, TextOrVariable | OrAvp):
        return Constant(value)
    text = str(value)
    if isinstance(fixup, Handler):  # a name is set without a look at what the file has
        return Constant(text)
    if isinstance(fixup, TableName):
        _known_table(context, text)
    if fixup.form in _EXPANDING:
        text = text.replace("$", "$$")
    bound: Arg[Any] = fixup.bind(fixup.parse(text, context.scope.names), context.scope)
    return bound


_EXPANDING = frozenset(["format"])
"""Forms of other fixups in which a `$` would begin a variable."""


def _known_table(context: Context, name: str) -> None:
    """A location table has to be there: only a script's own calls make one when it is loaded (else usrloc's preload)."""
    locations = context.services.state("usrloc")
    if isinstance(locations, Usrloc) and name not in locations.tables:
        raise FixupError(f"usrloc domain [{name}] not found")


class Offer:
    """Functions of KSR that have an implementation of their own."""

    def __init__(self) -> None:
        """Nothing in it yet."""
        self.found: dict[tuple[str, str], Implementation] = {}

    def add(self, module: str, *names: str) -> Callable[[Implementation], Implementation]:
        """Declares an implementation under one or more names."""

        def declare(implementation: Implementation) -> Implementation:
            self.found.update({(module, name): implementation for name in names})
            return implementation

        return declare
