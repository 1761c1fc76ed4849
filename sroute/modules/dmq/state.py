"""The state of dmq in one instance: its nodes, the peers that listen, and what is sent."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.modules.dmq.nodes import ACTIVE, DISABLED, PENDING, Node, Nodes, parse
from sroute.modules.dmq.workers import Workers
from sroute.modules.tm import own
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.transaction import Transaction, is_message
from sroute.runtime.services import Services
from sroute.runtime.sockets import Socket
from sroute.sip.message import Message

METHOD = "KDMQ"
SHORTEST_PING = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer answers."""

    code: int
    reason: str
    body: str = ""
    content_type: str = ""


Receive = Callable[[Message, Node | None], Answer]
Replied = Callable[[Node, int, str], None]
"""(node, code, body of the reply)"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A channel: who answers its messages, and what is done once nodes are known."""

    name: str
    receive: Receive
    begin: Callable[[], None] | None = None


class Dmq:
    """Parameters, nodes and peers."""

    def __init__(self) -> None:
        """The defaults of the parameters."""
        self.server_address = ""
        self.addresses: list[str] = []
        self.notification_channel = "notification_peer"
        self.server_socket = ""
        self.num_workers = 2
        self.worker_usleep = 0
        self.multi_notify = 0
        self.ping_interval = 60
        self.nodes = Nodes()
        self.peers: dict[str, Peer] = {}
        self.services: Services | None = None
        self.socket: Socket | None = None
        self.workers = Workers()
        self.here: Node = Node("", 0, local=True)
        self._begun = False

    @property
    def instance(self) -> Services:
        """The instance."""
        assert self.services is not None, "dmq is used before it has started"
        return self.services

    def start(self, services: Services, here: Node, socket: Socket) -> None:
        """Knows itself and the nodes that are configured; the first messages leave when the instance runs."""
        self.services, self.socket = services, socket
        self.workers = Workers(services, self.num_workers)
        self.here = self.nodes.add(here)
        here.local = True
        for text in self.addresses:
            self._configure(text)
        self.peers[self.notification_channel] = Peer(self.notification_channel, self._notified)
        services.timers.after(0.0, self._announce)
        services.timers.every(float(max(self.ping_interval, SHORTEST_PING)), self._ping)

    def _configure(self, text: str) -> None:
        """Adds a node of notification_address, though it may be there; one without an IP address is left out."""
        node = parse(text)
        assert node is not None
        found = self.instance.resolve(node.host)
        if found is None:
            self.instance.diag("ERROR", "error adding notification node", "dmq")
            self.instance.diag("WARNING", f"cannot retrieve initial nodelist, first list entry {self.addresses[0]}", "dmq")
            return
        if self.multi_notify:
            node.host = found
        if node.status == ACTIVE:
            node.status = PENDING
        node.configured = True
        self.nodes.add(node)

    def register(self, name: str, receive: Callable[[Message, Node | None], tuple[int, str]], begin: Callable[[], None]) -> bool:
        """Adds the channel of another module; False before the start: that module is loaded too early."""
        if self.services is None:
            return False
        self.peers[name] = Peer(name, lambda message, sender: Answer(*receive(message, sender)), begin)
        return True

    # ------------------------------------------------------------ sending

    def send(self, peer: str, node: Node, body: str, content_type: str, forwards: int = 1, replied: Replied | None = None) -> bool:
        """Sends a message of a channel to a node; whether it left."""
        tm = self.instance.state("tm")
        assert isinstance(tm, Tm)
        uri = f"sip:{peer}@{node.place}"
        sender = f"sip:{peer}@{self.here.place}"
        headers = f"Max-Forwards: {forwards}\r\nContent-Type: {content_type}\r\n"
        request = own.Request(METHOD, uri, sender, uri, headers=headers, body=body, socket=self.socket)
        if replied is not None:
            request.on_done.append(lambda t, code: replied(node, code, _body(t)))
        return own.send(tm, request) is not None

    def broadcast(
        self, peer: str, body: str, content_type: str, forwards: int = 1, *, inactive: bool = False, replied: Replied | None = None
    ) -> bool:
        """Sends a message to all other nodes that are active (inactive: to all)."""
        done = True
        for node in list(self.nodes.all):
            if not node.local and (inactive or node.status == ACTIVE):
                done = self.send(peer, node, body, content_type, forwards, replied) and done
        return done

    # ------------------------------------------------------------ the notification peer

    def _announce(self) -> None:
        body = f"{self.here.address};status={ACTIVE}\r\n"
        for node in [node for node in self.nodes.all if node.configured]:
            self.send(self.notification_channel, node, body, "text/plain", 2, self._answered)

    def _ping(self) -> None:
        self.broadcast(self.notification_channel, self.nodes.listing(), "text/plain", inactive=True, replied=self._answered)

    def _notified(self, message: Message, sender: Node | None) -> Answer:
        new = self._learn(message.body or "")
        forwards = _forwards(message) - 1
        if new and forwards > 0:
            self.broadcast(self.notification_channel, self.nodes.listing(), "text/plain", forwards, replied=self._answered)
        return Answer(200, "OK", self.nodes.listing(), "text/plain")

    def _learn(self, body: str) -> int:
        new, bad = self.nodes.learn(body, revive=self.instance.dialect.newer)
        if bad:
            self.instance.diag("ERROR", "error parsing uri", "dmq")
            if not self.instance.dialect.newer:
                self.instance.note(
                    "Kamailio 5.6.3 hangs here: it does not answer a list of nodes with a line that is no node, and keeps its own list "
                    "locked for every process; sroute leaves the line out"
                )
        return new

    def _answered(self, node: Node, code: int, body: str) -> None:
        if code == 200:
            node.status, node.fails = ACTIVE, 0
            self._learn(body)
            if not self._begun:
                self._begun = True
                for peer in list(self.peers.values()):
                    if peer.begin is not None:
                        peer.begin()
        elif code == 408:
            self._silent(node)

    def _silent(self, node: Node) -> None:
        """A node that does not answer: pending if it is configured, else disabled, then forgotten."""
        node.fails += 1
        if node.configured:
            node.status = PENDING
        elif node.status == DISABLED:
            if node in self.nodes.all:
                self.nodes.all.remove(node)
        else:
            node.status = DISABLED


def _body(t: Transaction) -> str:
    reply = t.branches[0].reply
    return (reply.body or "") if is_message(reply) else ""


def _forwards(message: Message) -> int:
    row = message.row("max-forwards")
    digits = message.text[row[2] : row[3]].strip() if row is not None else ""
    return int(digits) if digits.isdecimal() and len(digits) < 4 else 0
