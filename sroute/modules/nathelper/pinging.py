"""NAT pings: each second those contacts that are due, each once in an interval, so that their NAT keeps its door open.

A contact with the flag `sipping_bflag` gets a SIP request; so do all without `ping_nated_only`, when there is such a flag. Others get
four zero bytes. With keepalive_timeout, who does not answer SIP requests is not pinged any more and ends soon.
"""

import re
from ipaddress import IPv4Address
from typing import Any

from sroute.exports.module import InitError
from sroute.modules.nathelper.module import NatHelper, nathelper
from sroute.modules.usrloc.binding import Binding
from sroute.modules.usrloc.declaration import Usrloc
from sroute.runtime.hashing import core_hash
from sroute.runtime.run import Run
from sroute.runtime.sockets import Socket
from sroute.sip import route
from sroute.sip import uri as uris
from sroute.sip.endpoint import DEFAULT_PORT, Endpoint
from sroute.sip.message import Message
from sroute.sip.tags import reverse_hex

PING = "\0\0\0\0"
LEFT = 10
"""How many seconds a contact that does not answer has left."""
_TAG = re.compile(r"(.+)-[0-9a-f]+-[0-9a-f]+")


def _address(text: str) -> Endpoint:
    """The address of natping_socket.

    Raises InitError.
    """
    host, _, port = text.partition(":")
    try:
        return Endpoint("udp", str(IPv4Address(host)), int(port or DEFAULT_PORT))
    except ValueError:
        raise InitError(f"bad natping_socket {text}") from None


def start(state: NatHelper, scope: Any) -> None:
    """Checks the parameters and sets the timer."""
    services = state.instance
    if state.natping_interval <= 0:
        return
    if not services.loaded("usrloc"):
        raise InitError("can't find usrloc module")
    usrloc = services.state("usrloc")
    assert isinstance(usrloc, Usrloc)
    if state.ping_nated_only and usrloc.nat_bflag < 0:
        raise InitError("bad config - ping_nated_only enabled, but no nat bflag set in usrloc module")
    if state.natping_processes < 0:
        raise InitError("bad config - natping_processes must be >= 0")
    if state.sipping_bflag >= 0:
        if not state.sipping_from:
            raise InitError("SIP ping enabled, but SIP ping FROM is empty!")
        if not state.sipping_method:
            raise InitError("SIP ping enabled, but SIP ping method is empty!")
    state.spoofed = _address(state.natping_socket) if state.natping_socket else None
    state.pinging = True
    pinger = Pinger(state, usrloc)
    state.answered = pinger.answered if state.keepalive_timeout > 0 else None
    services.timers.every(1.0, pinger.tick)


nathelper.hooks.init.append(start)


@nathelper.hooks.reply.append
def _reply(state: NatHelper, run: Run) -> bool:
    if state.answered is not None:
        state.answered(run.message)
    return True


class Pinger:
    """Who pings: where it is in the interval, and what its requests count."""

    def __init__(self, state: NatHelper, usrloc: Usrloc) -> None:
        """state says how, usrloc whom."""
        self.state = state
        self.usrloc = usrloc
        self._second = 0
        self._count = 0
        self._start = state.instance.random.randrange(1 << 31)

    def tick(self) -> None:
        """Pings the contacts of this second."""
        second, interval = self._second, self.state.natping_interval
        self._second = (second + 1) % interval
        if not self.state.pinging:
            return
        parts = self.state.natping_processes * interval
        for part in range(second, parts, interval):
            for table in list(self.usrloc.tables.values()):
                for record in table.listed():
                    if (core_hash(record.aor) & (table.slots - 1)) % parts == part:
                        for binding in list(record.bindings):
                            self._ping(binding)

    def _ping(self, binding: Binding) -> None:
        state, flags = self.state, binding.cflags
        if state.ping_nated_only and not self.usrloc.natted(flags):
            return
        if state.filter_server_id and binding.server_id != (state.instance.cfg("core", "server_id") or 0):
            return
        if state.natping_disable_bflag >= 0 and flags >> state.natping_disable_bflag & 1:
            return
        has_flag = state.sipping_bflag >= 0 and bool(flags >> state.sipping_bflag & 1)
        hop = route.parse(binding.path, 0, len(binding.path)) if binding.path and has_flag else None
        target = self._target(hop[0].uri if hop else binding.received or binding.address)
        socket = self._socket(binding, target) if target is not None else None
        if target is None or socket is None:
            return
        if self._silent(binding, socket):
            return
        if has_flag or (state.sipping_bflag >= 0 and not state.ping_nated_only):
            state.instance.send(self._request(binding, socket), socket.endpoint, target)
        else:
            state.instance.send(PING, self._source(binding) or socket.endpoint, target)

    def _silent(self, binding: Binding, socket: Socket) -> bool:
        """Whether a contact has left its pings without an answer for too long: then it is gone in ten seconds."""
        limit, now = self.state.keepalive_timeout, int(self.state.instance.clock.now())
        if limit <= 0 or not binding.last_keepalive or socket.endpoint.proto != "udp" or binding.last_keepalive + limit >= now:
            return False
        if not binding.expires or binding.expires > now + LEFT:
            binding.expires = now + LEFT
        return True

    def _source(self, binding: Binding) -> Endpoint | None:
        """Where four bytes seem to come from: the last hop of the Path, or natping_socket; None for the own socket."""
        if self.state.udpping_from_path and binding.path:
            hops = route.parse(binding.path, 0, len(binding.path))
            return self._target(hops[-1].uri) if hops else None
        return self.state.spoofed

    def answered(self, reply: Message) -> None:
        """A reply to a ping: the contact is there."""
        sender, cseq = reply.from_, reply.cseq
        match = _TAG.fullmatch(sender.tag or "") if sender is not None else None
        if match is None or cseq is None or cseq.method != self.state.sipping_method:
            return
        for table in self.usrloc.tables.values():
            for record in table.listed():
                for binding in record.bindings:
                    if binding.ruid == match[1]:
                        binding.last_keepalive = int(self.state.instance.clock.now())

    def _target(self, text: str) -> Endpoint | None:
        """Where a URI leads; None when it can't be read, is not for UDP, or its name is not known."""
        uri = uris.parse(text)
        if uri is None:
            self.state.instance.diag("ERROR", "can't parse contact/received uri", "nathelper")
            return None
        if uri.proto not in (None, "udp"):
            return None
        ip = self.state.instance.resolve(uri.host)
        if ip is None:
            self.state.instance.diag("ERROR", "can't resolve_host", "nathelper")
            return None
        return Endpoint("udp", ip, uri.port_number or DEFAULT_PORT)

    def _socket(self, binding: Binding, target: Endpoint) -> Socket | None:
        sockets = self.state.instance.sockets
        for text in (self.state.force_socket, binding.socket):
            found = sockets.by_endpoint(Endpoint.parse(text)) if text else None
            if found is not None:
                return found
        return sockets.first("udp", ipv6=target.is_ipv6)

    def _request(self, binding: Binding, socket: Socket) -> str:
        """The SIP request; its From tag tells the contact."""
        state, services = self.state, self.state.instance
        self._count += 1
        at, branch = socket.endpoint, services.random.randrange(1 << 31)
        tag = f"{binding.ruid}-{reverse_hex(core_hash(binding.aor))}-{self._count:x}"
        path = f"Route: {binding.path}\r\n" if binding.path else ""
        return (
            f"{state.sipping_method} {binding.address} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {at.host}:{at.port};branch=z9hG4bK{branch}\r\n{path}"
            f"From: {state.sipping_from};tag={tag}\r\nTo: {binding.address}\r\n"
            f"Call-ID: {self._start:x}-{self._count:x}@{at.host}\r\nCSeq: 1 {state.sipping_method}\r\nContent-Length: 0\r\n\r\n"
        )
