"""Variables and format strings bound to closures."""

from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import Arg, Constant, Scope
from sroute.exports.variable import BAD_INDEX, Index, Pv
from sroute.interpreter.places import where
from sroute.runtime.flow import EvalError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Spelled, Value, printed
from sroute.source.text import Span


def reader(pv: Pv, scope: Scope) -> Read:
    """The reader of a variable with its index and transformations."""
    read = pv.variable.read(scope, inner(pv, scope), index(pv, scope))
    if pv.variable.number is not None and pv.transformations and _by_number(pv):
        read = _numbered(read, pv.variable.number(scope, inner(pv, scope), index(pv, scope)))
    for tr in pv.transformations:
        read = _transformed(read, tr.declaration.bind(tr.parsed, scope))
    return read


def _by_number(pv: Pv) -> bool:
    """Whether the first transformation wants the number that a text carries (`$rm`, `$proto`) rather than the text."""
    first = pv.transformations[0].declaration
    return first.family == "s" and first.function in ("int", "ftime")


def _numbered(read: Read, number: Read) -> Read:
    def both(run: Run) -> Value:
        text, carried = read(run), number(run)
        return Spelled(carried, text) if isinstance(text, str) and isinstance(carried, int) else text

    return both


def _transformed(read: Read, apply: Callable[[Run, Value], Value]) -> Read:
    return lambda run: apply(run, read(run))


def located(read: Read, pv: Pv, span: Span) -> Read:
    """The reader of a variable in an expression; one that may complain, or tells its place, notes where it stands."""
    if not (pv.transformations or isinstance(pv.index, Pv) or isinstance(pv.inner, Pv) or pv.variable.name == "cfg"):
        return read

    def here(run: Run) -> Value:
        run.at = span
        return read(run)

    return here


def writer(pv: Pv, scope: Scope) -> Write:
    """The writer of a variable."""
    assert pv.variable.write is not None
    return pv.variable.write(scope, inner(pv, scope), index(pv, scope))


def inner(pv: Pv, scope: Scope) -> Any:
    """The bound inner name, or None where the variable has none."""
    if pv.inner is None and (pv.variable.inner is None or pv.spec.inner is None):
        return None
    return pv.variable.inner.bind(pv.inner, scope)


def index(pv: Pv, scope: Scope) -> Index:
    """The bound index."""
    if not isinstance(pv.index, Pv):
        return pv.index
    read = scope.read(pv.index)

    services = scope.services

    def number(run: Run) -> int:
        value = read(run)
        if isinstance(value, int) and value is not FAILED:
            return value
        services.diag("ERROR", "invalid index value", span=run.at)
        return BAD_INDEX

    return number


def script_var(pv: Pv | None, scope: Scope) -> str | None:
    """The name when the variable is a plain `$var(name)` with a constant name: the one that is bound specially."""
    if pv is None or pv.variable.name != "var" or pv.transformations or pv.index is not None:
        return None
    name = inner(pv, scope)
    return name.value if isinstance(name, Constant) and isinstance(name.value, str) else None


def text(pieces: tuple[str | Pv, ...], scope: Scope) -> Arg[str]:
    """The text of a format: constant where it holds no variable."""
    if not pieces:
        return Constant("")
    parts = [piece if isinstance(piece, str) else scope.read(piece) for piece in pieces]
    if all(isinstance(part, str) for part in parts):
        return Constant("".join(part for part in parts if isinstance(part, str)))
    if len(parts) == 1:
        only = parts[0]
        assert not isinstance(only, str)
        return lambda run: printed(only(run))
    return _joined(parts)


def _joined(parts: list[str | Read]) -> Callable[[Run], str]:
    steps = [(part, None) if isinstance(part, str) else ("", part) for part in parts]

    def join(run: Run) -> str:
        out = []
        for piece, read in steps:
            if read is None:
                out.append(piece)
            else:
                value = read(run)
                out.append(value if value.__class__ is str else "<null>" if value is None else str(value))
        return "".join(out)

    return join


def conversion_failed(value: str, span: Span, services: Services, fails: bool) -> None:
    """Logs a text that is no number.

    Raises EvalError where that fails the expression.
    """
    services.diag("WARNING", f'automatic string to int conversion for "{value}" failed', span=span)
    if fails:
        raise EvalError(f"rval expression evaluation failed {where(span)}")
    services.diag("WARNING", f"rval expression conversion to int failed {where(span)}", span=span)
