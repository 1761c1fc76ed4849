"""Functions that test a variable or assign it: pv_isset(), is_int(), typeof(), pv_evalx() and their like."""

from collections.abc import Callable

from sroute.exports.fixups import FORMAT, TARGET, VARIABLE, Arg, Constant, FixupError, Names, PvRef, Scope, reader
from sroute.exports.function import Bound
from sroute.exports.variable import Pv
from sroute.modules.pv.module import Shared, pv
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.values import FAILED, Value


@pv.function("pv_isset", VARIABLE)
def pv_isset(state: Shared, run: Run, variable: PvRef) -> int:
    """Whether a variable has a value; `$var` always has one.

    Example: if (pv_isset("$avp(x)")) xlog("$avp(x)\\n");
    """
    value = variable.get(run)
    return -1 if value is None or value is FAILED else 1


class Unsettable:
    """A variable that is set to null, `$shv` to 0; one that is read-only is taken and stays."""

    form = "variable"

    def parse(self, text: str, names: Names) -> Pv:
        """The variable."""
        return names.pv(text)

    def bind(self, parsed: Pv, scope: Scope) -> Arg[Write]:
        """Its writer."""
        if not parsed.writable:
            return Constant(_keep)
        write = scope.write(parsed)
        return Constant(write if parsed.variable.name != "shv" else lambda run, value: write(run, 0))


def _keep(run: Run, value: Value) -> None:
    """What is read-only stays as it is."""


@pv.function("pv_unset", Unsettable())
def pv_unset(state: Shared, run: Run, variable: Write) -> int:
    """Assigns null to a variable: of an AVP the newest value goes. -1 when the variable refuses null.

    Example: pv_unset("$avp(x)");
    """
    try:
        variable(run, None)
    except AssignError as error:
        for text in error.args:
            state.instance.diag("ERROR", text, "pv", run.at)
        state.instance.diag("ERROR", "faile to unset variable", "pv", run.at)
        return -1
    return 1


class Number:
    """A variable as an int: its own value, or the number that its text carries (`$rm`, `$rp`)."""

    form = "variable"

    def parse(self, text: str, names: Names) -> Pv:
        """The variable."""
        return names.pv(text)

    def bind(self, parsed: Pv, scope: Scope) -> Arg[Read]:
        """Its reader."""
        variable = parsed.variable
        if variable.number is None or parsed.transformations:
            return Constant(scope.read(parsed))
        inner = variable.inner.bind(parsed.inner, scope) if variable.inner is not None else None
        return Constant(variable.number(scope, inner, None))


@pv.function("is_int", Number())
def is_int(state: Shared, run: Run, variable: Read) -> int:
    """Whether the value of a variable is an int, or carries one as `$rm` and `$rp` do; a text of digits does not.

    Example: if (is_int("$var(x)")) xlog("a number\\n");
    """
    value = variable(run)
    return 1 if isinstance(value, int) and value is not FAILED else -1


@pv.function("not_empty", VARIABLE)
def not_empty(state: Shared, run: Run, variable: PvRef) -> int:
    """Whether the value of a variable is a text with something in it; an int is none.

    Example: if (not_empty("$rU")) xlog("$rU\\n");
    """
    value = variable.get(run)
    return 1 if isinstance(value, str) and value else -1


class TypeName:
    """`int`, `str` or `null`."""

    form = "type"

    def parse(self, text: str, names: Names) -> str:
        """The first letter of the type, which is what Kamailio reads."""
        return text[:1].lower()

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The letter."""
        return Constant(parsed)


@pv.function("typeof", VARIABLE, TypeName())
def typeof(state: Shared, run: Run, variable: PvRef, kind: str) -> int:
    """Whether the value of a variable is of a type: int, str or null.

    Example: if (typeof("$avp(x)", "null")) $avp(x) = 1;
    """
    value = variable.get(run)
    if value is FAILED:
        return -1
    if value is None:
        return 1 if kind == "n" else -1
    found = "i" if isinstance(value, int) else "s"
    return 1 if kind == found else -1


@pv.function("pv_evalx", TARGET, FORMAT, bound=True)
def pv_evalx(scope: Scope, state: Shared, target: Arg[PvRef], text: Arg[str]) -> Bound:
    """Expands a text twice and assigns it: what the variables in it hold may hold variables.

    Example: $var(a) = "$rU-x"; pv_evalx("$var(b)", "$var(a)");
    """
    assert isinstance(target, Constant)
    write = target.value.set
    once = reader(text)
    known: dict[str, Callable[[Run], str]] = {}
    services = scope.services

    def act(run: Run) -> int:
        source = once(run)
        again = known.get(source)
        if again is None:
            try:
                again = reader(scope.text(scope.names.format(source)))
            except FixupError as error:
                services.diag("ERROR", error.message, "core", run.at)
                services.diag("ERROR", "cannot eval reparsed value of second parameter", "pv", run.at)
                return -1
            if len(known) < 1000:
                known[source] = again
        try:
            write(run, again(run))
        except AssignError as error:
            for text in error.args:
                services.diag("ERROR", text, "pv", run.at)
            services.diag("ERROR", "setting PV failed", "pv", run.at)
            return -1
        return 1

    return act
