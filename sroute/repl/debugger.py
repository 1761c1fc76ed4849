"""Watches a run: shows each statement, pauses at breakpoints. A run that may pause has a thread of its own."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from sroute.exports.variable import Pv
from sroute.instance.events import Event
from sroute.instance.watch import Watcher
from sroute.runtime.run import Act, Read, Run, Write
from sroute.source.text import Source, Span
from sroute.syntax.nodes import Assign, CallStatement, If, Leave, Statement, Switch, While

Mode = Literal["go", "step", "next"]
STACK = 64 << 20
TICK = 0.05


class Stopped(BaseException):
    """A paused run that is not to go on; nothing between may catch it."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A run that waits in front of a statement."""

    span: Span
    run: Run
    depth: int


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """A place, with the name that it was given."""

    name: str
    source: Source
    line: int


class Debugger:
    """Implements interpreter.binder.Observer; to be bound only while it traces or has breakpoints."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        """emit is called with the Trace of each statement while tracing."""
        self.watcher = Watcher(emit)
        self.tracing = False
        self.breakpoints: list[Breakpoint] = []
        self.paused: Paused | None = None
        self._mode: Mode = "go"
        self._depth = 0
        self._from = 0
        self._stop = False
        self._thread: threading.Thread | None = None
        self._yielded = threading.Event()
        self._resumed = threading.Event()
        self._error: BaseException | None = None

    @property
    def wanted(self) -> bool:
        """Whether runs must be watched."""
        return self.tracing or bool(self.breakpoints)

    def move(self, sources: Iterable[Source]) -> None:
        """The script was read again: breakpoints are on the same lines of the files of the same names, if there are."""
        known = {source.name: source for source in sources}
        kept = [point for point in self.breakpoints if point.source.name in known]
        self.breakpoints = [replace(point, source=known[point.source.name]) for point in kept]

    # ------------------------------------------------------------ running

    def execute(self, work: Callable[[], None]) -> None:
        """Does the work, in a thread of its own where it may pause; returns when it is done or pauses.

        Raises what the work raises.
        """
        if not self.breakpoints or self.paused is not None:
            work()
            return
        self._mode, self._depth, self._stop, self._error = "go", 0, False, None
        threading.stack_size(STACK)
        self._thread = threading.Thread(target=self._work, args=(work,), daemon=True)
        threading.stack_size(0)
        self._yielded.clear()
        self._thread.start()
        self._wait()

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Stopped:
            pass
        except BaseException as error:
            self._error = error
        self.paused = None
        self._thread = None
        self._yielded.set()

    def _wait(self) -> None:
        try:
            while not self._yielded.wait(TICK):
                pass
        except KeyboardInterrupt:
            self.abandon()
            raise
        error, self._error = self._error, None
        if error is not None:
            raise error

    def resume(self, mode: Mode) -> None:
        """Lets the paused run go on until it pauses again or is done."""
        paused = self.paused
        assert paused is not None, "nothing is paused"
        self._mode, self._from, self.paused = mode, paused.depth, None
        self._yielded.clear()
        self._resumed.set()
        self._wait()

    def abandon(self) -> None:
        """Ends the run that is paused or under way."""
        thread = self._thread
        if thread is None:
            return
        self._stop = True
        self._resumed.set()
        thread.join(2)
        self.paused = None

    def _reached(self, span: Span, run: Run, *, at_break: bool) -> None:
        if threading.current_thread() is not self._thread:
            return
        if self._stop:
            raise Stopped
        if not (at_break or self._mode == "step" or (self._mode == "next" and self._depth <= self._from)):
            return
        run.at = span
        self._resumed.clear()
        self.paused = Paused(span, run, self._depth)
        self._yielded.set()
        self._resumed.wait()
        if self._stop:
            raise Stopped

    # ------------------------------------------------------------ observing

    def _stops(self, span: Span) -> Callable[[], bool]:
        source, line = span.source, span.line
        return lambda: any(point.line == line and point.source is source for point in self.breakpoints)

    def statement(self, node: Statement, act: Act) -> Act:
        """A statement that is watched; those with a body are told by their condition."""
        if not isinstance(node, Assign | CallStatement | Leave):
            return act
        span, stops = node.span, self._stops(node.span)
        traced = self.watcher.statement(node, act)

        def watched(run: Run) -> int:
            self._reached(span, run, at_break=stops())
            self._depth += 1
            try:
                return traced(run) if self.tracing else act(run)
            finally:
                self._depth -= 1

        return watched

    def condition(self, node: If | While | Switch, test: Callable[[Run], Any]) -> Callable[[Run], Any]:
        """The condition of a statement that has a body."""
        span, stops = node.span, self._stops(node.span)
        traced = self.watcher.condition(node, test)

        def watched(run: Run) -> Any:
            self._reached(span, run, at_break=stops())
            return traced(run) if self.tracing else test(run)

        return watched

    def read(self, pv: Pv, read: Read) -> Read:
        """A variable whose reads are watched."""
        traced = self.watcher.read(pv, read)
        return lambda run: traced(run) if self.tracing else read(run)

    def write(self, pv: Pv, write: Write) -> Write:
        """A variable whose writes are watched."""
        traced = self.watcher.write(pv, write)
        return lambda run, value: traced(run, value) if self.tracing else write(run, value)
