"""Variables of the script's own: `$var`, `$vz`, `$vn`, `$shv`."""

from collections.abc import Iterable
from typing import Any

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index
from sroute.modules.pv.module import Shared, pv
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.values import Value, wrapper


class VarName:
    """The name in `$var(name)`: free text; a variable in it is not looked up (5.6.3)."""

    form = "name"

    def parse(self, text: str, names: Names) -> str:
        """The name."""
        if not text:
            raise FixupError("a name is needed")
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The name."""
        return Constant(parsed)


VAR_NAME = VarName()


def plain(value: Value) -> Value:
    """A value as a store keeps it: an int is nothing but its number."""
    return value if value.__class__ is int or value.__class__ is str or value is None else int(value)


def joined(values: Iterable[Value]) -> str:
    """All values with `, ` between, as Kamailio joins them: nothing in front of the first that is not empty."""
    out: list[str] = []
    begun = False
    for value in values:
        text = str(value)
        out.append(f", {text}" if begun else text)
        begun = begun or bool(text)
    return "".join(out)


@pv.variables_of("var", "vz", inner=VAR_NAME)
def var(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """A variable of the worker process: the int 0 until it is set. It survives to the next message.

    Example: $var(x) = 5; xlog("$var(x)\\n");
    """
    if isinstance(inner, Constant):
        name: str = inner.value
        return lambda run: run.vars[name]
    return lambda run: run.vars[inner(run)]


@var.writer
def set_var(scope: Scope, inner: Arg[str], index: Index) -> Write:
    """Null makes it the int 0."""
    if isinstance(inner, Constant):
        name: str = inner.value

        def write(run: Run, value: Value) -> None:
            run.vars[name] = 0 if value is None else plain(value)

        return write

    def write_named(run: Run, value: Value) -> None:
        run.vars[inner(run)] = 0 if value is None else plain(value)

    return write_named


@pv.variables_of("vn", inner=VAR_NAME)
def vn(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """As `$var`, in a name space of its own, and null until it is set.

    Example: if ($vn(x) == $null) $vn(x) = 1;
    """
    if isinstance(inner, Constant):
        name: str = inner.value
        return lambda run: run.process.vns.get(name)
    return lambda run: run.process.vns.get(inner(run))


@vn.writer
def set_vn(scope: Scope, inner: Arg[str], index: Index) -> Write:
    """Null unsets it."""

    def write(run: Run, value: Value) -> None:
        name = inner.value if isinstance(inner, Constant) else inner(run)
        run.process.vns[name] = plain(value)

    return write


@pv.variables_of("shv", inner=VAR_NAME)
def shv(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """A variable that all workers share: the int 0 until it is set, kept until the end.

    Example: $shv(calls) = $shv(calls) + 1;
    """
    shared = _shared(scope)
    if isinstance(inner, Constant):
        name: str = inner.value
        shared.setdefault(name, 0)
        return lambda run: shared.get(name, 0)
    return lambda run: shared.get(inner(run), 0)


@shv.writer
def set_shv(scope: Scope, inner: Arg[str], index: Index) -> Write:
    """Null makes it the empty text."""
    shared = _shared(scope)
    if isinstance(inner, Constant):
        shared.setdefault(inner.value, 0)

    def write(run: Run, value: Value) -> None:
        name = inner.value if isinstance(inner, Constant) else inner(run)
        shared[name] = "" if value is None else plain(value)

    return write


@pv.variables_of("shvinc", inner=VAR_NAME, static="int", since="5.7")
def shvinc(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """Adds 1 to a `$shv` and gives the sum; 0 for a text, which stays.

    Example: xlog("call $shvinc(calls)\\n");
    """
    shared, wrap = _shared(scope), wrapper(scope.services.dialect.int_bits)
    if isinstance(inner, Constant):
        shared.setdefault(inner.value, 0)

    def read(run: Run) -> Value:
        name = inner.value if isinstance(inner, Constant) else inner(run)
        found = shared.get(name, 0)
        if not isinstance(found, int):
            return 0
        shared[name] = wrap(found + 1)
        return wrap(found + 1)

    return read


def _shared(scope: Scope) -> dict[str, Any]:
    state = scope.services.state("pv")
    assert isinstance(state, Shared)
    return state.shared
