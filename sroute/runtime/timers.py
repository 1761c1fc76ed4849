"""Timers on an instance's clock, in the order in which they are due."""

from collections.abc import Callable
from heapq import heappop, heappush

from sroute.runtime.clock import VirtualClock


class Timer:
    """One armed timer; `cancel()` takes it back."""

    __slots__ = ("action", "due")

    def __init__(self, due: float, action: Callable[[], None]) -> None:
        """due in seconds since the epoch."""
        self.due = due
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """The action will not run."""
        self.action = None


class Timers:
    """A queue of timers; equal times run in the order of arming."""

    __slots__ = ("_count", "_queue", "clock")

    def __init__(self, clock: VirtualClock) -> None:
        """Timers of that clock."""
        self.clock = clock
        self._queue: list[tuple[float, int, Timer]] = []
        self._count = 0

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Runs the action once, that many seconds from now."""
        timer = Timer(self.clock.now() + seconds, action)
        self._count += 1
        heappush(self._queue, (timer.due, self._count, timer))
        return timer

    def every(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Runs the action each time that many seconds have passed, until cancelled."""
        head = Timer(0.0, action)

        def tick() -> None:
            if head.action is not None:
                head.action()
                self.after(seconds, tick)

        self.after(seconds, tick)
        return head

    def due(self) -> float | None:
        """When the next timer is due, or None."""
        while self._queue and self._queue[0][2].action is None:
            heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def run_until(self, when: float) -> None:
        """Moves the clock to a time and runs what is due on the way."""
        while (due := self.due()) is not None and due <= when:
            timer = heappop(self._queue)[2]
            self.clock.set(due)
            action, timer.action = timer.action, None
            if action is not None:
                action()
        self.clock.set(when)
