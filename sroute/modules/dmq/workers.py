"""The processes that work on messages: each message goes to one of them, and those of different ones overtake each other."""

from collections.abc import Callable

from sroute.runtime.services import Services

Job = Callable[[], None]


class Workers:
    """Works on messages at once, or, where time is said to be needed, as so many processes beside each other do."""

    def __init__(self, services: Services | None = None, count: int = 1) -> None:
        """count processes; without time they are all the same."""
        self._services = services
        self._free = [0.0] * max(count, 1)
        self.pace: tuple[float, float] = (0.0, 0.0)
        """Seconds that a process needs for a message, between two numbers, for each one anew."""

    def do(self, job: Job) -> None:
        """Gives a message to the process that is free first; one process keeps the order."""
        services = self._services
        if services is None or not self.pace[1]:
            job()
            return
        now = services.clock.now()
        free = [max(when, now) for when in self._free]
        worker = free.index(min(free))
        self._free[worker] = free[worker] + services.random.uniform(*self.pace)
        services.timers.after(self._free[worker] - now, job)
