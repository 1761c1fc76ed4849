"""Watches a run statement by statement: `--trace`."""

from collections.abc import Callable

from sroute.exports.variable import Pv
from sroute.instance.events import Event, Trace
from sroute.runtime.run import Act, Read, Run, Write
from sroute.runtime.values import Value
from sroute.syntax.nodes import Assign, CallStatement, If, Leave, Statement, Switch, While


class Watcher:
    """Records what each statement read and wrote; implements interpreter.binder.Observer."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        """emit is called with a Trace for each statement, when it ends or is entered (if, while, switch)."""
        self._emit = emit
        self._reads: dict[str, Value] = {}
        self._writes: dict[str, Value] = {}

    def statement(self, node: Statement, act: Act) -> Act:
        """A statement that is watched."""
        span = node.span
        if isinstance(node, If | While | Switch):
            head = node.selector.span if isinstance(node, Switch) else node.condition.span
            span = span.to(head) if head.source is span.source else span
        text = span.source.text[span.start : _head_end(node)]
        simple = isinstance(node, Assign | CallStatement | Leave)

        def watched(run: Run) -> int:
            route = run.route
            if not simple:
                self._flush()
            flow = act(run)
            if simple:
                self._emit(Trace(span, route, text, self._reads, self._writes))
                self._flush()
            return flow

        return watched

    def _flush(self) -> None:
        self._reads, self._writes = {}, {}

    def read(self, pv: Pv, read: Read) -> Read:
        """A variable whose reads are watched."""
        text = pv.spec.text

        def watched(run: Run) -> Value:
            value = self._reads[text] = read(run)
            return value

        return watched

    def write(self, pv: Pv, write: Write) -> Write:
        """A variable whose writes are watched."""
        text = pv.spec.text

        def watched(run: Run, value: Value) -> None:
            write(run, value)
            self._writes[text] = value

        return watched


def _head_end(node: Statement) -> int:
    match node:
        case If() | While():
            return node.condition.span.end
        case Switch():
            return node.selector.span.end
        case _:
            return node.span.end
