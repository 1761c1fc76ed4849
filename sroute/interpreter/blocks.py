"""Statements and blocks bound to closures that hand back a flow code.

A statement in tail position (the last one of a route) leaves in run.code what Kamailio takes for the route's code.
"""

from collections.abc import Callable
from typing import assert_never

from sroute.errors import StepLimitError
from sroute.interpreter import calls, corecalls, expressions, truths, variables
from sroute.interpreter.binder import Binder
from sroute.interpreter.calls_in import calls_anything, can_fail
from sroute.interpreter.places import place, where
from sroute.interpreter.switches import switch
from sroute.runtime.flow import BREAK, DROP, EXIT, NEXT, RETURN, AssignError, EvalError
from sroute.runtime.run import Act, Read, Run
from sroute.runtime.values import FAILED, Value, wrap32, wrapper
from sroute.source.text import Span
from sroute.syntax.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    CallStatement,
    CoreCall,
    Empty,
    Expression,
    If,
    Leave,
    RouteCall,
    Statement,
    Switch,
    Variable,
    While,
)


def block(node: Block, b: Binder, *, tail: bool) -> Act:
    """The statements of a block, in order."""
    return sequence(node.statements, b, tail=tail)


def uncounted(node: Block, b: Binder) -> Act:
    """A block in an expression: it is no level of its own."""
    return _all(_acts(node.statements, b, tail=True))


def sequence(statements: tuple[Statement, ...], b: Binder, *, tail: bool) -> Act:
    """Runs statements until one leaves."""
    acts = _acts(statements, b, tail=tail)
    return _counted(_all(acts), b) if b.counts_levels else _all(acts)


def _acts(statements: tuple[Statement, ...], b: Binder, *, tail: bool) -> list[Act]:
    live = [s for s in statements if not isinstance(s, Empty)]
    last = len(live) - 1
    return [statement(s, b, tail=tail and i == last) for i, s in enumerate(live)]


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
    if b.actions is not None:
        act = b.actions.statement(node, act, lambda assign: _target(assign, b))
    return b.observer.statement(node, act) if b.observer else act


def _target(node: Assign, b: Binder) -> tuple[str, Read]:
    pv = b.program.pvs[id(node.target)]
    return pv.spec.text, b.read(pv)


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
    if not tail and not calling:
        return assignment_code(node, b, done=NEXT, failed=NEXT)
    code = assignment_code(node, b)

    def act(run: Run) -> int:
        done = code(run)
        if tail:
            run.code = done
        return run.flow if calling else NEXT

    return act


def _set_var(name: str, node: Assign, b: Binder) -> Act:
    known = b.constant(node.value)
    if known is not None:
        constant = known

        def store(run: Run) -> int:
            run.vars[name] = constant
            return NEXT

        return store
    counted = _counts(node.value, b)
    if counted is not None:
        return _count(name, *counted, b)
    read = expressions.bind(node.value, b)

    def act(run: Run) -> int:
        value = read(run)
        if value.__class__ is str or value.__class__ is int:
            run.vars[name] = value
        else:
            if value is FAILED:
                nothing_there(node.value.span, b)
            run.vars[name] = int(value or 0)
        return NEXT

    return act


def _counts(value: Expression, b: Binder) -> tuple[str, int] | None:
    """The variable and the constant of `$var(x) + 1`."""
    if isinstance(value, Binary) and value.op == "+" and isinstance(value.left, Variable):
        name, step = variables.script_var(b.program.pvs[id(value.left)], b), b.constant(value.right)
        if name is not None and isinstance(step, int):
            return name, step
    return None


def _count(name: str, source: str, step: int, b: Binder) -> Act:
    """`$var(name) = $var(source) + step`."""
    half, wrap, text = 1 << (b.dialect.int_bits - 1), wrapper(b.dialect.int_bits), str(step)

    def count(run: Run) -> int:
        known = run.vars
        value = known[source]
        if value.__class__ is int:
            value += step
            known[name] = value if -half <= value < half else wrap(value)
        else:
            known[name] = text if value is None else str(value) + text
        return NEXT

    return count


def assignment_code(node: Assign, b: Binder, *, done: int = 1, failed: int = -1) -> Callable[[Run], int]:
    """Assigns; `done`, or `failed` when the value or the assignment failed (logged as Kamailio does)."""
    target = b.program.pvs[id(node.target)]
    read, write = expressions.bind_raw(node.value, b), b.write(target)
    span, owner = place(node.value), target.variable.module

    def code(run: Run) -> int:
        run.at = span
        try:
            value: Value = read(run)
        except EvalError:
            for _ in range(2):  # the expression says it, and then the assignment
                b.services.diag("ERROR", f"rval expression evaluation failed {where(span)}", span=span)
            return failed
        try:
            write(run, None if value is FAILED else value)
        except AssignError as error:
            refused(error, span, b, owner)
            return failed
        if value is FAILED:
            nothing_there(span, b)
            return failed
        return done

    return code


def nothing_there(span: Span, b: Binder) -> None:
    """Says what Kamailio says of a right side that fails to read; null is assigned all the same."""
    b.services.diag("ERROR", "non existing right pvar", span=span)
    b.services.diag("ERROR", f"assignment failed at pos: {where(span)}", span=span)


def refused(error: AssignError, span: Span, b: Binder, owner: str = "pv") -> None:
    """Says what Kamailio says when a variable, which belongs to the module `owner`, refuses a value."""
    for text in filter(None, error.args):
        b.services.diag("ERROR", text, source="pv" if owner == "core" else owner, span=span)
    b.services.diag("ERROR", "setting pvar failed", span=span)
    b.services.diag("ERROR", f"assignment failed at pos: {where(span)}", span=span)


# ---------------------------------------------------------------- if, while


def _if(node: If, b: Binder, tail: bool) -> Act:
    test = truths.positive(node.condition, b)
    if b.observer:
        test = b.observer.condition(node, test)
    if can_fail(node.condition, b):
        test = _false_on_error(test, place(node.condition), b)
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


def _false_on_error(test: Callable[[Run], object], span: Span, b: Binder) -> Callable[[Run], object]:
    def checked(run: Run) -> object:
        try:
            return test(run)
        except EvalError:
            b.services.diag("ERROR", f"if expression evaluation failed {where(span)}", span=span)
            return False

    return checked


def _while(node: While, b: Binder, tail: bool) -> Act:
    condition = node.condition
    test = truths.positive(condition, b) if b.dialect.while_needs_positive and not b.return_mode else truths.nonzero(condition, b)
    if b.observer:
        test = b.observer.condition(node, test)
    if can_fail(condition, b):
        test = _ends_on_error(test, condition.span, b)
    acts = [block(node.body, b, tail=tail)] if b.counts_levels else _acts(node.body.statements, b, tail=tail)
    calling, limit, weight = calls_anything(condition), b.max_loops, 1 + len(acts)

    def loop(run: Run) -> int:
        if tail:
            run.code = 1
        allowed = run.steps // weight
        rounds, flow = 0, NEXT
        while not flow and test(run):
            if calling and run.flow:
                return acts[0](run) or run.flow if acts else run.flow
            if rounds >= allowed:
                raise StepLimitError("the step limit is reached")
            if rounds == limit and limit:
                runaway(condition.span, b)
                run.code = -1
                break
            rounds += 1
            for act in acts:
                flow = act(run)
                if flow:
                    break
        run.steps -= rounds * weight
        if flow:
            return NEXT if flow == BREAK else flow
        return run.flow if calling else NEXT

    return loop


def _ends_on_error(test: Callable[[Run], object], span: Span, b: Binder) -> Callable[[Run], object]:
    def checked(run: Run) -> object:
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
        return _leave_with(flow, wrap32(value))
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
