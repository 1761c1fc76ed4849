"""Watches a run statement by statement: `--trace`."""

from collections.abc import Callable
from typing import Any

from sroute.exports.variable import Pv
from sroute.instance.events import Event, Trace
from sroute.runtime.run import Act, Read, Run, Write
from sroute.runtime.values import Value
from sroute.source.text import Span
from sroute.syntax.nodes import Assign, CallStatement, If, Leave, Statement, Switch, While


class Watcher:
    """Records what each statement read and wrote; implements interpreter.binder.Observer."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        """emit is called with a Trace for each statement when it has run, and for each condition when it was tested."""
        self._emit = emit
        self._reads: dict[str, Value] = {}
        self._writes: dict[str, Value] = {}

    def statement(self, node: Statement, act: Act) -> Act:
        """A statement that is watched; those with a body are told by their condition."""
        if not isinstance(node, Assign | CallStatement | Leave):
            return act
        span, text = node.span, node.span.text()

        def watched(run: Run) -> int:
            route = run.route
            flow = act(run)
            self._emit(Trace(span, route, text, self._reads, self._writes))
            self._flush()
            return flow

        return watched

    def condition(self, node: If | While | Switch, test: Callable[[Run], Any]) -> Callable[[Run], Any]:
        """The condition of a statement that has a body."""
        head = node.selector if isinstance(node, Switch) else node.condition
        span = node.span
        text = _head(span, head.span)

        def watched(run: Run) -> Any:
            result = test(run)
            self._emit(Trace(span, run.route, text, self._reads, self._writes))
            self._flush()
            return result

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


def _head(whole: Span, condition: Span) -> str:
    """The text of a statement up to the end of its condition, closing parentheses included."""
    if condition.source is not whole.source:
        return condition.text()
    text, end = whole.source.text, condition.end
    behind = text[end : end + 20].replace(" ", "")
    closing = len(behind) - len(behind.lstrip(")"))
    return text[whole.start : end] + ")" * closing
