"""The nodes that a node knows, and the list of them that it sends."""

from dataclasses import dataclass

from sroute.sip import uri as uris

ACTIVE, DISABLED, PENDING = "active", "disabled", "pending"
STATUSES = (ACTIVE, DISABLED, PENDING, "not_active")
MOST_NODES = 1000
"""Nodes that are taken over from others: a list that is made up must not grow without end."""


@dataclass(slots=True)
class Node:
    """One node; configured is one of notification_address, which is never forgotten. port 0: none is given, which is 5060."""

    host: str
    port: int
    status: str = ACTIVE
    local: bool = False
    configured: bool = False
    fails: int = 0
    """How often it has not answered, one time after the other."""

    @property
    def address(self) -> str:
        """Its SIP URI."""
        return f"sip:{self.place}"

    @property
    def place(self) -> str:
        """Its host and port, as they are given."""
        return f"{self.host}:{self.port}" if self.port else self.host


def parse(text: str) -> Node | None:
    """The node of a URI, with its status; None for what is none."""
    uri = uris.parse(text.strip())
    if uri is None or not uri.host:
        return None
    status = uri.param("status") or ACTIVE
    return Node(uri.host.lower(), uri.port_number or 0, status) if status in STATUSES else None


class Nodes:
    """All nodes, the one that was added last first."""

    def __init__(self) -> None:
        """None."""
        self.all: list[Node] = []

    def find(self, host: str, port: int) -> Node | None:
        """The node of an address."""
        return next((node for node in self.all if node.port == port and node.host == host.lower()), None)

    def at(self, ip: str) -> Node | None:
        """The first other node of an IP address, whatever its port."""
        return next((node for node in self.all if node.host == ip and not node.local), None)

    def add(self, node: Node) -> Node:
        """Puts a node in front."""
        self.all.insert(0, node)
        return node

    def listing(self) -> str:
        """The body that tells others of the active nodes."""
        return "".join(f"{node.address};status={node.status}\r\n" for node in self.all if node.local or node.status == ACTIVE)

    def learn(self, body: str, *, revive: bool = False) -> tuple[int, int]:
        """Takes over what another node lists: how many nodes were not known, and how many lines are none.

        A disabled node comes back by it only with revive (newer).
        """
        new = bad = 0
        for line in body.splitlines():
            told = parse(line)
            if told is None:
                bad += 1
                continue
            known = self.find(told.host, told.port)
            if known is None:
                if len(self.all) < MOST_NODES:
                    self.add(told)
                    new += 1
            elif not known.local and (revive or known.status != DISABLED):
                known.status = told.status
        return new, bad
