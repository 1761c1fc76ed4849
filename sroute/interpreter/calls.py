"""Calls bound to closures that give the raw return code."""

from collections.abc import Callable

from sroute.errors import NotSimulatedError, StepLimitError
from sroute.exports.fixups import AnyFixup, Arg, Constant, FixupError, reader
from sroute.exports.function import Bound, CallPlan
from sroute.interpreter import blocks, corecalls, expressions
from sroute.interpreter.binder import Binder
from sroute.interpreter.stub import Stub
from sroute.runtime.flow import BREAK, DROP, EXIT, NEXT, EvalError
from sroute.runtime.run import Act, Run
from sroute.source.text import Span
from sroute.syntax.nodes import AssignExpression, BlockExpression, Call, CoreCall, Expression, RouteCall

MAX_CACHED = 1000


def raw(node: Call | CoreCall | RouteCall | BlockExpression | AssignExpression, b: Binder) -> Bound:
    """The raw code of a call inside an expression; when it ends the script it leaves a mark in run.flow."""
    if b.actions is not None and isinstance(node, Call | CoreCall | RouteCall):
        return b.actions.call(node, _raw(node, b))
    return _raw(node, b)


def _raw(node: Call | CoreCall | RouteCall | BlockExpression | AssignExpression, b: Binder) -> Bound:
    match node:
        case Call():
            return _marking(function(node, b))
        case CoreCall():
            return corecalls.bind(node, b)
        case RouteCall():
            return _route_code(node, b)
        case BlockExpression():
            return _block_code(node, b)
        case AssignExpression():
            return blocks.assignment_code(node.assign, b)


def _marking(call: Bound) -> Bound:
    def code(run: Run) -> int:
        rc = run.rc = call(run)
        if rc == 0 and not run.flow:
            run.flow = EXIT
        return rc

    return code


def _route_code(node: RouteCall, b: Binder) -> Bound:
    enter = route(node, b)

    def code(run: Run) -> int:
        flow = enter(run)
        if flow:
            run.flow = flow
        return run.code

    return code


def _block_code(node: BlockExpression, b: Binder) -> Bound:
    act = blocks.uncounted(node.block, b)

    def code(run: Run) -> int:
        run.code = 1
        flow = act(run)
        if flow:
            run.flow = flow
        return run.code

    return code


# ---------------------------------------------------------------- module functions


def function(node: Call, b: Binder) -> Bound:
    """A call of a module's function: run -> return code; it notes its place in run.at."""
    plan = b.program.calls[id(node)]
    name = plan.function.name
    if name in b.stubs:
        return _stub(b.stubs[name], node.span, b)
    if not plan.function.simulated:
        return _not_simulated(plan, node.span)
    call = _implementation(node, plan, b)
    span = node.span

    def run_it(run: Run) -> int:
        run.at = span
        return call(run)

    return run_it


def _stub(stub: Stub, span: Span, b: Binder) -> Bound:
    writes = [(b.write(b.names.pv(name)), value) for name, value in stub.assignments]

    def stubbed(run: Run) -> int:
        run.at = span
        for write, value in writes:
            write(run, value)
        return stub.code

    return stubbed


def _not_simulated(plan: CallPlan, span: Span) -> Bound:
    name, module = plan.function.name, plan.function.module

    def refuse(run: Run) -> int:
        run.at = span
        raise NotSimulatedError(f"{name}() of module {module} is not simulated; give its result with --stub '{name}=1'")

    return refuse


def _implementation(node: Call, plan: CallPlan, b: Binder) -> Bound:
    what = plan.function
    state = b.services.state(what.module)
    args = [_argument(fixup, parsed, arg, b) for fixup, parsed, arg in zip(what.params, plan.parsed, node.args, strict=True)]
    if what.bound:
        try:
            bound: Bound = what.implementation(b, state, *args)
        except FixupError as error:
            error.span = error.span or node.span
            raise
        return bound
    return _applied(what.implementation, state, args)


def _argument(fixup: AnyFixup, parsed: object, arg: Expression, b: Binder) -> "Arg[object]":
    if b.constant(arg) is not None:
        try:
            return fixup.bind(parsed, b)
        except FixupError as error:
            error.span = error.span or arg.span
            raise
    return _computed(fixup, expressions.bind_str(arg, b), b)


def _computed(fixup: AnyFixup, text: Callable[[Run], str], b: Binder) -> Callable[[Run], object]:
    """An argument that is computed: its text goes through the fixup at each call."""
    known: dict[str, Callable[[Run], object]] = {}

    def value(run: Run) -> object:
        source = text(run)
        read = known.get(source)
        if read is None:
            try:
                read = reader(fixup.bind(fixup.parse(source, b.names), b))
            except FixupError as error:
                b.services.diag("ERROR", error.message, span=run.at)
                raise EvalError from None
            if len(known) < MAX_CACHED:
                known[source] = read
        return read(run)

    return value


def _applied(call: Callable[..., int], state: object, args: list["Arg[object]"]) -> Bound:
    if all(isinstance(arg, Constant) for arg in args):
        values = [arg.value for arg in args if isinstance(arg, Constant)]
        return lambda run: call(state, run, *values)
    reads = [reader(arg) for arg in args]
    if len(reads) == 1:
        only = reads[0]
        return lambda run: call(state, run, only(run))
    if len(reads) == 2:
        first, second = reads
        return lambda run: call(state, run, first(run), second(run))
    return lambda run: call(state, run, *[read(run) for read in reads])


# ---------------------------------------------------------------- routes


def route(node: RouteCall, b: Binder) -> Act:
    """A call of a route: NEXT, or the flow with which the script ends; its code is in run.code and run.rc."""
    name = b.constant(node.target)
    if name is not None:
        text = str(name)
        key = ("request", None if text == "0" and ("request", "0") not in b.program.routes else text)
        return enter(b.route_bodies.setdefault(key, []), text, node.span, b)
    return _dynamic_route(node, b)


def _dynamic_route(node: RouteCall, b: Binder) -> Act:
    target = expressions.bind_str(node.target, b)
    routes: dict[str, Act] = {}

    def act(run: Run) -> int:
        try:
            name = target(run)
        except EvalError:
            return NEXT
        enter_it = routes.get(name)
        if enter_it is None:
            bodies = b.route_bodies.get(("request", name))
            if not bodies:
                return _missing(run, name)
            enter_it = routes[name] = enter(bodies, name, node.span, b)
        return enter_it(run)

    def _missing(run: Run, name: str) -> int:
        begin = node.span.begin
        place = f"{node.span.source.name}:{begin.line}"
        b.services.diag("ERROR", f'route "{name}" not found at {place}', span=node.span)
        b.services.diag("ERROR", f"run action error at: {place}", span=node.span)
        run.code = -10
        return NEXT

    return act


def enter(bodies: list[Act], name: str, span: Span, b: Binder) -> Act:
    """Runs the bodies of a block as a subroutine: return and break are absorbed."""

    def act(run: Run) -> int:
        run.at = span
        run.steps -= 1
        if run.steps < 0:
            raise StepLimitError("the step limit is reached")
        caller = run.route
        run.route = name
        run.code = 1
        flow = bodies[0](run)
        run.route = caller
        if flow == BREAK:
            run.code = 0
        elif flow in (EXIT, DROP):
            return flow
        run.rc = run.code
        return NEXT

    return act
