"""The network of a namespace of its own: loopback up, every address local, and every datagram seen in order."""

import fcntl
import socket
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sroute.sip.endpoint import Endpoint
from sroute.sip.messagefile import Sent

IFF_UP = 1
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
ETH_P_ALL = 3
PACKET_OUTGOING = 4
UDP = 17


def bring_up() -> None:
    """Loopback up, and all addresses on it: a script may listen on, or send to, any of them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(control, SIOCGIFFLAGS, request), 16)
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))
    for family in ("-4", "-6"):
        subprocess.run(["ip", family, "route", "add", "local", "default", "dev", "lo"], check=True)


@dataclass(frozen=True, slots=True)
class Bound:
    """A UDP socket that somebody holds: its port, and the bytes that wait on it."""

    port: int
    waiting: int


def bound() -> list[Bound]:
    """The UDP sockets of this namespace."""
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("udp", "udp6")]
    rows = [line.split() for table in tables for line in table]
    return [Bound(int(row[1].split(":")[1], 16), int(row[4].split(":")[1], 16)) for row in rows]


def taken() -> int:
    """The number of datagrams that have been read from UDP sockets of this namespace so far."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Udp:"))
    newer = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    return int(values[names.index("InDatagrams")]) + int(newer["Udp6InDatagrams"])


class Wire:
    """Sends datagrams and sees all that pass, in order."""

    def __init__(self) -> None:
        self._sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self._sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self._sniffer.bind(("lo", ETH_P_ALL))
        self._sniffer.setblocking(False)
        self._sockets: dict[Endpoint, socket.socket] = {}

    def close(self) -> None:
        """Let go of all sockets."""
        for held in (self._sniffer, *self._sockets.values()):
            held.close()

    def hold(self, source: Endpoint) -> socket.socket:
        """The socket of one of our addresses, bound when first needed."""
        if source.proto != "udp":
            raise ValueError(f"messages are sent over UDP only, not from {source}")
        if source not in self._sockets:
            self._sockets[source] = socket.socket(socket.AF_INET6 if source.is_ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
            self._sockets[source].bind((source.ip, source.port))
        return self._sockets[source]

    def send(self, message: bytes, source: Endpoint, target: Endpoint) -> None:
        """Send a datagram."""
        self.hold(source).sendto(message, (target.ip, target.port))

    def seen(self) -> list[Sent]:
        """The datagrams that others sent since the last call."""
        found = []
        while packet := self._next():
            datagram = _datagram(packet)
            if datagram is not None:
                found.append(datagram)
        return [datagram for datagram in found if datagram.src not in self._sockets]

    def _next(self) -> bytes | None:
        while True:
            try:
                packet, (_, _, kind, *_) = self._sniffer.recvfrom(1 << 17)
            except BlockingIOError:
                return None
            if kind != PACKET_OUTGOING:
                return packet


def _datagram(packet: bytes) -> Sent | None:
    """The UDP datagram in an IP packet, if it is one."""
    if packet[0] >> 4 == 6:
        proto, header, family, ends = packet[6], 40, socket.AF_INET6, (packet[8:24], packet[24:40])
    else:
        proto, header, family, ends = packet[9], (packet[0] & 15) * 4, socket.AF_INET, (packet[12:16], packet[16:20])
    if proto != UDP:
        return None
    source, target, length = struct.unpack_from("!HHH", packet, header)
    payload = packet[header + 8 : header + length]
    src, dst = (socket.inet_ntop(family, end) for end in ends)
    return Sent(payload.decode("latin-1"), Endpoint("udp", src, source), Endpoint("udp", dst, target))
