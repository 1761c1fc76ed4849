"""`switch` bound to a closure: a table for constant labels, patterns in text order (language reference 4.3)."""

from collections.abc import Callable

from sroute.interpreter import expressions
from sroute.interpreter.binder import Binder
from sroute.interpreter.calls_in import calls_anything
from sroute.runtime.flow import BREAK, NEXT, EvalError
from sroute.runtime.regex import CASE, searcher
from sroute.runtime.run import Act, Run
from sroute.runtime.values import wrap32
from sroute.syntax.nodes import Switch

Sequence = Callable[..., Act]
Choose = Callable[[Run], int]


def switch(node: Switch, b: Binder, tail: bool, sequence: Sequence) -> Act:
    """Runs from the label that matches to the next break; bodies fall through."""
    bodies = [sequence(case.body, b, tail=tail) for case in node.cases]
    last = len(bodies)
    default = next((i for i, case in enumerate(node.cases) if case.label is None), -1)
    choose = _chooser(node, b, default)
    if b.observer:
        choose = b.observer.condition(node, choose)
    calling = calls_anything(node.selector)

    def act(run: Run) -> int:
        try:
            at = choose(run)
        except EvalError:
            at = default
        if calling and run.flow:
            return run.flow
        if tail:
            run.code = 1
        while 0 <= at < last:
            flow = bodies[at](run)
            if flow:
                if tail and flow == BREAK:
                    run.code = 0
                return NEXT if flow == BREAK else flow
            at += 1
        return NEXT

    return act


def _chooser(node: Switch, b: Binder, default: int) -> Choose:
    labels = [(i, case, b.constant(case.label)) for i, case in enumerate(node.cases) if case.label is not None]
    if any(case.regex for _, case, _ in labels):
        return _in_order(node, b, default)
    table = {label: i for i, _, label in reversed(labels) if not isinstance(label, int) or wrap32(label) == label}
    find = table.get
    if labels and isinstance(labels[0][2], str):
        text = expressions.bind_str(node.selector, b)
        return lambda run: find(text(run), default)
    if not labels:
        read = expressions.bind(node.selector, b)

        def evaluate(run: Run) -> int:
            read(run)
            return default

        return evaluate
    number = expressions.bind_int(node.selector, b)
    return lambda run: find(number(run), default)


def _in_order(node: Switch, b: Binder, default: int) -> Choose:
    tests: list[tuple[int, Callable[[str], object]]] = []
    for i, case in enumerate(node.cases):
        if case.label is not None:
            label = str(b.constant(case.label))
            tests.append((i, searcher(label, CASE) if case.regex else label.__eq__))
    text = expressions.bind_str(node.selector, b)

    def choose(run: Run) -> int:
        value = text(run)
        return next((i for i, test in tests if test(value)), default)

    return choose
