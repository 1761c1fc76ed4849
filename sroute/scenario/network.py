"""A simulated network: messages take time, get lost, come twice, overtake each other; parts of it may not reach each other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random

from sroute.sip.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Conditions:
    """delay is between two numbers of seconds, for each message anew (so they overtake each other); loss and duplicate are odds.

    work is how long a process of a node's dmq (num_workers) needs for a message: with several of them, messages overtake each
    other within the node too.
    """

    delay: tuple[float, float] = (0.001, 0.001)
    loss: float = 0.0
    duplicate: float = 0.0
    work: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Packet:
    """A message on its way."""

    source: Endpoint
    destination: Endpoint
    text: str


class Network:
    """What is on its way, in the order of arrival."""

    def __init__(self, random: Random, conditions: Conditions) -> None:
        """Everybody reaches everybody."""
        self.conditions = conditions
        self.lost = 0
        self._random = random
        self._queue: list[tuple[float, int, Packet]] = []
        self._count = 0
        self._parts: list[frozenset[Endpoint]] = []

    def partition(self, parts: Sequence[Collection[Endpoint]]) -> None:
        """Only ends of one part reach each other from now on; no parts: all do."""
        self._parts = [frozenset(part) for part in parts]

    def send(self, now: float, packet: Packet) -> None:
        """A message leaves."""
        if self._apart(packet.source, packet.destination) or self._random.random() < self.conditions.loss:
            self.lost += 1
            return
        copies = 2 if self._random.random() < self.conditions.duplicate else 1
        for _ in range(copies):
            self._count += 1
            heappush(self._queue, (now + self._random.uniform(*self.conditions.delay), self._count, packet))

    def _apart(self, source: Endpoint, destination: Endpoint) -> bool:
        return bool(self._parts) and not any(source in part and destination in part for part in self._parts)

    def due(self) -> float | None:
        """When the next message arrives."""
        return self._queue[0][0] if self._queue else None

    def take(self) -> Packet:
        """The next message. One that was sent before a partition still arrives."""
        return heappop(self._queue)[2]
