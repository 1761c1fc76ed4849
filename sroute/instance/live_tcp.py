"""SIP over TCP for a served instance: messages are cut by Content-Length; replies leave on the connection of their request."""

import re
import socket
from collections.abc import Callable

from sroute.instance.live_streams import Feed, Loop, Stream, Streams, listening
from sroute.sip.endpoint import Endpoint

MAX_HEAD = 65535
CONNECT_SECONDS = 1.0
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,7})[ \t]*\r?$", re.I | re.M)
_PING = b"\r\n\r\n"

Receive = Callable[[bytes, Endpoint, Endpoint], None]
"""(message, source, destination)"""


def cut(data: bytes) -> tuple[bytes, int] | None:
    """The first message (empty for keep-alives in front of it) and how many bytes it takes; None while it is not complete.

    Raises ValueError for what is none.
    """
    start = len(data) - len(data.lstrip(b"\r\n"))
    if start:
        return b"", start
    end = data.find(b"\r\n\r\n")
    if end < 0:
        if len(data) > MAX_HEAD:
            raise ValueError("the head is too long")
        return None
    length = _LENGTH.search(data, 0, end + 2)
    size = end + 4 + (int(length[1]) if length else 0)
    return (data[:size], size) if len(data) >= size else None


class Tcp:
    """One TCP socket of the script, and its connections by the address of the other side."""

    def __init__(self, loop: Loop, end: Endpoint, receive: Receive) -> None:
        """Listens at once.

        Raises UsageError.
        """
        self._receive, self._end = receive, end
        self._peers: dict[Endpoint, Stream] = {}
        self._streams = Streams(loop, listening((end.ip, end.port)), self._feed, self._took)

    def send(self, data: bytes, peer: Endpoint) -> str | None:
        """Sends on the connection with a peer, or on a new one; what is wrong, if anything is."""
        stream = self._peers.get(peer)
        if stream is None or stream.closed:
            try:
                made = socket.create_connection((peer.ip, peer.port), CONNECT_SECONDS)
            except OSError as error:
                return error.strerror or str(error)
            stream = self._streams.take(made)
        stream.send(data)
        return None

    @property
    def connections(self) -> int:
        """How many are open."""
        return sum(not stream.closed for stream in self._peers.values())

    def close(self) -> None:
        """Hangs up everywhere."""
        self._streams.close()

    def _took(self, stream: Stream, source: socket.socket) -> None:
        self._peers = {peer: known for peer, known in self._peers.items() if not known.closed}
        self._peers[_peer(source)] = stream

    def _feed(self, source: socket.socket) -> Feed:
        peer = _peer(source)

        def feed(data: bytes) -> tuple[bytes, int] | None:
            taken = cut(data)
            if taken is None:
                return None
            message, size = taken
            if message:
                self._receive(message, peer, self._end)
            return (b"\r\n" if data.startswith(_PING) else b""), size

        return feed


def _peer(source: socket.socket) -> Endpoint:
    host, port = source.getpeername()[:2]
    return Endpoint("tcp", host, port)
