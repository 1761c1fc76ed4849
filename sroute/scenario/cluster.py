"""Nodes that run on one virtual clock and reach each other over a simulated network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sroute.instance.events import Event, Send
from sroute.instance.instance import Instance
from sroute.modules.dmq.state import Dmq
from sroute.runtime.clock import VirtualClock
from sroute.runtime.values import Value
from sroute.scenario.network import Conditions, Network, Packet
from sroute.sip.endpoint import Endpoint

Make = Callable[[VirtualClock], Instance]
Differences = dict[str, dict[str, dict[str, Value]]]


@dataclass(slots=True)
class Node:
    """One node; make starts it, instance is None while it is down."""

    name: str
    make: Make
    instance: Instance | None = None


class Cluster:
    """All nodes."""

    def __init__(self, makers: Mapping[str, Make], *, seed: int = 1, conditions: Conditions | None = None) -> None:
        """Nodes by name, all started."""
        self.clock = VirtualClock()
        self.network = Network(Random(seed), conditions or Conditions())
        self.nodes = {name: Node(name, make) for name, make in makers.items()}
        self._by_end: dict[Endpoint, Node] = {}
        for name in self.nodes:
            self.start(name)

    def __getitem__(self, name: str) -> Instance:
        """The instance of a node that runs."""
        found = self.nodes[name].instance
        if found is None:
            raise KeyError(name)
        return found

    def start(self, name: str) -> None:
        """Starts a node, with nothing in its memory."""
        node = self.nodes[name]
        made = node.instance = node.make(self.clock)
        made.journal.listeners.append(self._hear)
        if made.loaded("dmq"):
            dmq = made.state("dmq")
            assert isinstance(dmq, Dmq)
            dmq.workers.pace = self.network.conditions.work
        for socket in made.sockets.listen:
            self._by_end[socket.endpoint] = node

    def stop(self, name: str) -> None:
        """Shuts a node down; what is sent to it is lost."""
        node = self.nodes[name]
        if node.instance is not None:
            node.instance.stop()
            node.instance = None

    def partition(self, parts: Sequence[Sequence[str]]) -> None:
        """Only nodes of one part reach each other; no parts: all do."""
        self.network.partition([[end for end, node in self._by_end.items() if node.name in part] for part in parts])

    def _hear(self, event: Event) -> None:
        if isinstance(event, Send):
            self.network.send(self.clock.now(), Packet(event.src, event.dst, event.message))

    def advance(self, seconds: float) -> None:
        """Lets time pass: messages arrive and timers run in the order in which they are due."""
        until = self.clock.now() + seconds
        while self._step(until):
            pass
        self.clock.set(until)

    def _step(self, until: float) -> bool:
        arrival = self.network.due()
        running = [node.instance for node in self.nodes.values() if node.instance is not None]
        timers = [(due, number) for number, one in enumerate(running) if (due := one.timers.due()) is not None]
        timer = min(timers, default=None)
        if arrival is not None and arrival <= until and (timer is None or arrival <= timer[0]):
            self.clock.set(arrival)
            self._deliver(self.network.take())
            return True
        if timer is None or timer[0] > until:
            return False
        running[timer[1]].timers.run_until(timer[0])
        return True

    def _deliver(self, packet: Packet) -> None:
        node = self._by_end.get(packet.destination)
        if node is not None and node.instance is not None:
            node.instance.receive(packet.text, packet.source, packet.destination)

    def differences(self) -> Differences:
        """By table and key what each running node has, where they do not all have the same."""
        tables = {name: node.instance.tables() for name, node in self.nodes.items() if node.instance is not None}
        found: Differences = {}
        for table in sorted({table for kept in tables.values() for table in kept}):
            for key in sorted({key for kept in tables.values() for key in kept.get(table, {})}):
                values = {name: kept.get(table, {}).get(key) for name, kept in tables.items()}
                if len({(type(value), value) for value in values.values()}) > 1:
                    found.setdefault(table, {})[key] = values
        return found
