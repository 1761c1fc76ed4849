"""A served instance: one thread that waits for sockets and timers, on loopback.

Everything happens between two waits, so that the instance is never entered twice: a message, a command or a timer is done
before the next one is looked at.
"""

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType
from typing import Protocol

from sroute.errors import UsageError
from sroute.exports.rpc import RpcValue
from sroute.instance.events import Event, Send
from sroute.instance.instance import Instance
from sroute.instance.live_commands import Commands
from sroute.instance.live_tcp import Tcp
from sroute.runtime.clock import RealClock
from sroute.sip.endpoint import Endpoint

LONGEST_WAIT = 3600.0
LARGEST_DATAGRAM = 65535
_BURST = 64
"""Datagrams that are taken from one socket before the others and the timers have their turn."""

Serve = Callable[[], None]


class Port(Protocol):
    """Something that the server waits for."""

    def close(self) -> None:
        """Lets go of it."""


class Server:
    """Serves one instance until it is told to stop."""

    def __init__(
        self,
        instance: Instance,
        *,
        allow_net: bool = False,
        complain: Callable[[str], None],
        defect: Callable[[Exception], None] | None = None,
    ) -> None:
        """allow_net: other addresses than those of loopback may be used.

        complain hears what can't be done, defect of exceptions that nobody expected (else complain does).
        """
        self._defect = defect or (lambda error: complain(f"internal error, a defect of sroute: {type(error).__name__}: {error}"))
        self.instance = instance
        self.commands = Commands(instance)
        self.selector = selectors.DefaultSelector()
        self.stopped_by: int | None = None
        self.complain = complain
        self._allow_net = allow_net
        self._udp: dict[Endpoint, socket.socket] = {}
        self._tcp: dict[Endpoint, Tcp] = {}
        self._ports: list[Port] = []
        self._real = isinstance(instance.clock, RealClock)
        instance.journal.listeners.append(self._event)
        self.commands.add("core.tcp_info", self._tcp_info)

    def add(self, port: Port) -> None:
        """Keeps a port, to be closed at the end."""
        self._ports.append(port)

    def watch(self, source: socket.socket | int, serve: Serve, events: int = selectors.EVENT_READ) -> None:
        """Calls serve whenever there is something to read (or, by events, room to write)."""
        if source in self.selector.get_map():
            self.selector.modify(source, events, serve)
        else:
            self.selector.register(source, events, serve)

    def forget(self, source: socket.socket | int) -> None:
        """Waits for it no longer."""
        self.selector.unregister(source)

    # ------------------------------------------------------------ SIP

    def open_sip(self) -> list[Endpoint]:
        """Opens the instance's UDP and TCP sockets: those that were opened.

        Raises UsageError when none could be.
        """
        for listening in self.instance.sockets.listen:
            end = listening.endpoint
            if end.proto not in ("udp", "tcp"):
                self.complain(f"{end} is not served: SIP is served over UDP and TCP")
            elif self.allowed(end.ip):
                self._open(end)
            else:
                self.complain(f"{end} is not served: not an address of loopback (--allow-net, or --listen another)")
        if not self._udp and not self._tcp:
            raise UsageError("no socket of the script can be served: give --listen udp:127.0.0.1:5060")
        return [*self._udp, *self._tcp]

    def _tcp_info(self, args: Sequence[object]) -> RpcValue:
        known: dict[str, RpcValue] = self.instance.rpc("core.tcp_info", args)
        return known | {"opened_connections": sum(tcp.connections for tcp in self._tcp.values())}

    def allowed(self, ip: str) -> bool:
        """Whether an address may be used: loopback, unless the user allows all."""
        try:
            return self._allow_net or ip_address(ip).is_loopback
        except ValueError:
            return False

    def _open(self, end: Endpoint) -> None:
        if end.proto == "tcp":
            self._tcp[end] = tcp = Tcp(self, end, self.instance.receive)
            self.add(tcp)
            return
        made = socket.socket(socket.AF_INET6 if end.is_ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            made.bind((end.ip, end.port))
        except OSError as error:
            made.close()
            raise UsageError(f"{end}: {error.strerror}") from None
        made.setblocking(False)
        self._udp[end] = made
        self.add(made)
        self.watch(made, lambda: self._read(made, end))

    def _read(self, source: socket.socket, end: Endpoint) -> None:
        for _ in range(_BURST):
            try:
                data, peer = source.recvfrom(LARGEST_DATAGRAM)
            except OSError:  # nothing left, or a peer that refused what was sent to it
                return
            if len(data.strip()) > 4:  # shorter ones are keep-alives: Kamailio drops them without a word
                self.instance.receive(data, Endpoint("udp", peer[0], peer[1]), end)

    def _event(self, event: Event) -> None:
        if isinstance(event, Send):
            self._send(event)

    def _send(self, event: Send) -> None:
        if not self.allowed(event.dst.ip):
            self.complain(f"not sent to {event.dst}: not an address of loopback (--allow-net)")
            return
        failed = self._leave(event.message.encode("latin-1", "replace"), event.src, event.dst)
        if failed is not None:
            self.complain(f"not sent from {event.src} to {event.dst}: {failed}")

    def _leave(self, data: bytes, src: Endpoint, dst: Endpoint) -> str | None:
        """Sends bytes: what is wrong, if anything is."""
        if dst.proto == "tcp":
            tcp = self._tcp.get(src)
            return "no such TCP socket is served" if tcp is None else tcp.send(data, dst)
        udp = self._udp.get(src)
        if udp is None or dst.proto != "udp":
            return "only the served UDP and TCP sockets send"
        try:
            udp.sendto(data, (dst.ip, dst.port))
        except OSError as error:
            return error.strerror
        return None

    # ------------------------------------------------------------ the loop

    def run(self, begun: Callable[[], None] = lambda: None) -> int:
        """Serves until a signal comes: its number. The instance is shut down. begun is called when signals are heard."""
        try:
            with self._signals():
                begun()
                while self.stopped_by is None:
                    self.turn(LONGEST_WAIT)
        finally:
            self.close()
        return self.stopped_by

    def turn(self, longest: float) -> None:
        """Waits for at most that long, then does what is there to do."""
        for key, _ in self.selector.select(self._wait(longest)):
            self._do(key.data)
        if self._real:
            self._do(lambda: self.instance.timers.run_until(time.time()))

    def _do(self, serve: Serve) -> None:
        """Does one thing; a defect of sroute in it ends that thing, not the server. A broken pipe is that of the output: the end."""
        try:
            serve()
        except BrokenPipeError:
            raise
        except Exception as error:
            self._defect(error)

    def _wait(self, longest: float) -> float:
        due = self.instance.timers.due() if self._real else None
        return longest if due is None else min(max(0.0, due - time.time()), longest)

    def close(self) -> None:
        """Closes all ports and shuts the instance down."""
        self.instance.stop()
        for port in reversed(self._ports):
            port.close()
        self._ports.clear()
        self.selector.close()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end the loop, between two things that it does; a second SIGINT breaks in."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        self.watch(ours, lambda: None)

        def stop(number: int, frame: FrameType | None) -> None:
            if self.stopped_by is not None:
                raise KeyboardInterrupt
            self.stopped_by = number

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        waking = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(waking)
            for number, handler in before.items():
                signal.signal(number, handler)
            self.forget(ours)
            ours.close()
            theirs.close()
