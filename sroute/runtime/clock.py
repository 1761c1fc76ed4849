"""The clock of an instance. Nothing else in sroute knows the time."""

import time


class VirtualClock:
    """A clock that stands still until it is told to go on; seconds since the epoch as a float."""

    __slots__ = ("_now", "started")

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        """start is the time at which the instance begins, in seconds since the epoch."""
        self.started = start
        self._now = start

    def now(self) -> float:
        """The time in seconds since the epoch."""
        return self._now

    def uptime(self) -> float:
        """Seconds since the instance began."""
        return self._now - self.started

    def set(self, when: float) -> None:
        """Moves to a time; never backwards."""
        self._now = max(self._now, when)


class RealClock(VirtualClock):
    """The machine's clock, for `serve`."""

    __slots__ = ()

    def __init__(self) -> None:
        """Starts now."""
        super().__init__(time.time())

    def now(self) -> float:
        """The time in seconds since the epoch."""
        return time.time()

    def uptime(self) -> float:
        """Seconds since the instance began."""
        return time.time() - self.started
