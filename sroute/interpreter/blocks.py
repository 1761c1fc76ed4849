"""Statements and blocks bound to closures that hand back a flow code.

A statement in tail position (the last one of a route) leaves in run.code what Kamailio takes for the route's code.
"""

from collections.abc import Callable
from typing import assert_never

from sroute.errors import StepLimitError
from sroute.interpreter import calls, corecalls, expressions, variables
from sroute.interpreter.binder import Binder
from sroute.interpreter.calls_in import calls_anything, can_fail
from sroute.interpreter.places import where
from sroute.interpreter.switches import switch
from sroute.runtime.flow import BREAK, DROP, EXIT, NEXT, RETURN, AssignError, EvalError
from sroute.runtime.run import Act, Run
from sroute.runtime.values import Value, wrap32
from sroute.source.text import Span
from sroute.syntax.nodes import Assign, Block, Call, CallStatement, CoreCall, Empty, If, Leave, RouteCall, Statement, Switch, While


def block(node: Block, b: Binder, *, tail: bool) -> Act:
    """The statements of a block, in order."""
    return sequence(node.statements, b, tail=tail)


def sequence(statements: tuple[Statement, ...], b: Binder, *, tail: bool) -> Act:
    """Runs statements until one leaves."""
    live = [s for s in statements if not isinstance(s, Empty)]
    last = len(live) - 1
    acts = [statement(s, b, tail=tail and i == last) for i, s in enumerate(live)]
    if b.counts_levels:
        return _counted(_all(acts), b)
    return _all(acts)


def _all(acts: list[Act]) -> Act:
    if not acts:
        return lambda run: NEXT
    if len(acts) == 1:
        return acts[0]
    if len(acts) == 2:
        first, second = acts
        return lambda run: first(run) or second(run)
    if len(acts) == 3:
        first, second, third = acts
        return lambda run: first(run) or second(run) or third(run)

    def several(run: Run) -> int:
        for act in acts:
            flow = act(run)
            if flow:
                return flow
        return NEXT

    return several


def _counted(act: Act, b: Binder) -> Act:
    """A block in a program that may nest too deeply: each block is a level (language reference 4.5)."""

    def level(run: Run) -> int:
        if run.level >= b.max_level:
            b.services.diag("ERROR", f"too many recursive routing table lookups ({run.level + 1}) giving up!", span=run.at)
            run.code = -1
            return NEXT
        run.level += 1
        try:
            return act(run)
        finally:
            run.level -= 1

    return level


def statement(node: Statement, b: Binder, *, tail: bool) -> Act:
    """The closure of one statement, watched where an observer wants to."""
    act = _bind(node, b, tail)
    return b.observer.statement(node, act) if b.observer else act


def _bind(node: Statement, b: Binder, tail: bool) -> Act:
    match node:
        case Assign():
            return _assign(node, b, tail)
        case CallStatement(call):
            return _call(call, b, tail)
        case If():
            return _if(node, b, tail)
        case While():
            return _while(node, b, tail)
        case Switch():
            return switch(node, b, tail, sequence)
        case Leave():
            return _leave(node, b)
        case Empty():
            return lambda run: NEXT
        case _:
            assert_never(node)


# ---------------------------------------------------------------- calls


def _call(call: Call | CoreCall | RouteCall, b: Binder, tail: bool) -> Act:
    if isinstance(call, RouteCall):
        return calls.route(call, b)
    if isinstance(call, CoreCall):
        return _core_call(call, b, tail)
    invoke = calls.function(call, b)
    span = call.span

    def act(run: Run) -> int:
        try:
            rc = run.rc = invoke(run)
        except EvalError:
            action_error(span, b)
            return NEXT
        if tail:
            run.code = rc
        return NEXT if rc else run.flow or EXIT

    return act


def _core_call(call: CoreCall, b: Binder, tail: bool) -> Act:
    invoke = corecalls.bind(call, b)

    def act(run: Run) -> int:
        code = invoke(run)
        if tail:
            run.code = code
        return NEXT

    return act


def action_error(span: Span, b: Binder) -> None:
    """Says what Kamailio says when a statement failed."""
    b.services.diag("ERROR", f"run action error at: {span.source.name}:{span.begin.line}", span=span)


# ---------------------------------------------------------------- assignment


def _assign(node: Assign, b: Binder, tail: bool) -> Act:
    calling = calls_anything(node.value)
    name = None if b.observer else variables.script_var(b.program.pvs.get(id(node.target)), b)
    if name is not None and not calling and not tail and not can_fail(node.value, b):
        return _set_var(name, node, b)
    code = assignment_code(node, b)

    def act(run: Run) -> int:
        done = code(run)
        if tail:
            run.code = done
        return run.flow if calling else NEXT

    return act


def _set_var(name: str, node: Assign, b: Binder) -> Act:
    read = expressions.bind(node.value, b)

    def act(run: Run) -> int:
        value = read(run)
        run.vars[name] = 0 if value is None else value
        return NEXT

    return act


def assignment_code(node: Assign, b: Binder) -> Callable[[Run], int]:
    """Assigns: 1, or -1 when the value or the assignment failed (logged as Kamailio does)."""
    read, write = expressions.bind_raw(node.value, b), b.write(b.program.pvs[id(node.target)])
    span = node.value.span

    def code(run: Run) -> int:
        try:
            value: Value = read(run)
        except EvalError:
            b.services.diag("ERROR", f"rval expression evaluation failed {where(span)}", span=span)
            return -1
        try:
            write(run, value)
        except AssignError as error:
            refused(error, span, b)
            return -1
        return 1

    return code


def refused(error: AssignError, span: Span, b: Binder) -> None:
    """Says what Kamailio says when a variable refuses a value."""
    if error.args and error.args[0]:
        b.services.diag("ERROR", error.args[0], source="pv", span=span)
    b.services.diag("ERROR", "setting pvar failed", span=span)
    b.services.diag("ERROR", f"assignment failed at pos: {where(span)}", span=span)


# ---------------------------------------------------------------- if, while


def _if(node: If, b: Binder, tail: bool) -> Act:
    test = expressions.bind_test(node.condition, b)
    if can_fail(node.condition, b):
        test = _false_on_error(test, node.condition.span, b)
    then = block(node.then, b, tail=tail)
    other = block(node.other, b, tail=tail) if node.other else (lambda run: NEXT)
    calling = calls_anything(node.condition)
    if not tail and not calling:
        return lambda run: then(run) if test(run) else other(run)

    def act(run: Run) -> int:
        true = test(run)
        if calling and run.flow:
            return run.flow
        if tail:
            run.code = 1
        return then(run) if true else other(run)

    return act


def _false_on_error(test: Callable[[Run], bool], span: Span, b: Binder) -> Callable[[Run], bool]:
    def checked(run: Run) -> bool:
        try:
            return test(run)
        except EvalError:
            b.services.diag("ERROR", f"if expression evaluation failed {where(span)}", span=span)
            return False

    return checked


def _while(node: While, b: Binder, tail: bool) -> Act:
    number = expressions.bind_int(node.condition, b)
    test: Callable[[Run], int] = _positive(number) if b.dialect.while_needs_positive else number
    if can_fail(node.condition, b):
        test = _ends_on_error(test, node.condition.span, b)
    body = block(node.body, b, tail=tail)
    calling, limit = calls_anything(node.condition), b.max_loops
    weight = 1 + len(node.body.statements)

    def loop(run: Run) -> int:
        if tail:
            run.code = 1
        rounds = 0
        while test(run):
            if calling and run.flow:
                return run.flow
            if rounds == limit and limit:
                runaway(node.span, b)
                return NEXT
            rounds += 1
            run.steps -= weight
            if run.steps < 0:
                raise StepLimitError("the step limit is reached")
            flow = body(run)
            if flow:
                return NEXT if flow == BREAK else flow
        return run.flow if calling else NEXT

    return loop


def _positive(number: Callable[[Run], int]) -> Callable[[Run], int]:
    return lambda run: 1 if number(run) > 0 else 0


def _ends_on_error(test: Callable[[Run], int], span: Span, b: Binder) -> Callable[[Run], int]:
    def checked(run: Run) -> int:
        try:
            return test(run)
        except EvalError:
            return 0

    return checked


def runaway(span: Span, b: Binder) -> None:
    """Says that a loop reached max_while_loops."""
    begin, than = span.begin, "than" if b.dialect.newer else "then"
    b.services.diag("ERROR", f"runaway while ({begin.line}, {begin.column}): more {than} {b.max_loops} loops", span=span)
    action_error(span, b)


# ---------------------------------------------------------------- leaving


def _leave(node: Leave, b: Binder) -> Act:
    if node.how == "break":
        return lambda run: BREAK
    flow = {"return": RETURN, "exit": EXIT, "drop": DROP}[node.how]
    if node.value is None:
        return _leave_with(flow, 0 if node.how == "drop" else 1)
    value = b.constant(node.value)
    if isinstance(value, int):
        return _leave_with(flow, value)
    number = expressions.bind_int(node.value, b)

    def act(run: Run) -> int:
        try:
            code = run.code = wrap32(number(run))
        except EvalError:
            code = run.code = 0
        if run.flow:
            return run.flow
        return EXIT if flow == RETURN and code == 0 else flow

    return act


def _leave_with(flow: int, code: int) -> Act:
    ending = EXIT if flow == RETURN and code == 0 else flow

    def act(run: Run) -> int:
        run.code = code
        return ending

    return act
