"""Connections of a served instance: requests that come in pieces, answers that leave as fast as the other side reads.

Nothing here waits: what can't be sent yet is kept, and until it has left no further request of that connection is looked at.
"""

import selectors
import socket
from collections.abc import Callable
from typing import Protocol

from sroute.errors import SrouteError, UsageError

LARGEST_READ = 65535
MOST_WAITING = 2 << 20
"""Bytes that a connection may send without completing a request."""
MOST_OPEN = 200
"""Connections at one port; the one that said nothing for the longest time is closed for a new one."""

Feed = Callable[[bytes], tuple[bytes, int] | None]
"""(bytes so far) -> the answer and how many bytes were used; None while the request is not complete; ValueError: hang up."""


class Loop(Protocol):
    """What waits for sockets: the server."""

    def watch(self, source: socket.socket | int, serve: Callable[[], None], events: int = selectors.EVENT_READ) -> None:
        """Calls serve whenever there is something to do; for a source that is watched already, says for what from now on."""

    def forget(self, source: socket.socket | int) -> None:
        """Waits for it no longer."""


def listening(address: tuple[str, int]) -> socket.socket:
    """A socket that waits for TCP connections.

    Raises UsageError.
    """
    made = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(128)
    except OSError as error:
        made.close()
        raise UsageError(f"tcp:{address[0]}:{address[1]}: {error.strerror or error}") from None
    made.setblocking(False)
    return made


class Stream:
    """One connection."""

    def __init__(self, server: Loop, source: socket.socket, feed: Feed, gone: Callable[["Stream"], None]) -> None:
        """feed gets what comes in; gone is told when the connection is closed."""
        self._server, self._source, self._feed, self._gone = server, source, feed, gone
        self._in, self._out = b"", bytearray()
        self._open = True
        source.setblocking(False)
        server.watch(source, self._turn)

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return not self._open

    def send(self, data: bytes) -> None:
        """Sends what can be sent now, and keeps the rest."""
        if not self._open:
            return
        self._out += data
        try:
            self._flush()
        except OSError:
            self.close()

    def close(self) -> None:
        """Hangs up."""
        if self._open:
            self._open = False
            self._server.forget(self._source)
            self._source.close()
            self._gone(self)

    def _turn(self) -> None:
        try:
            if self._out:
                self._flush()
                data = None
            else:
                data = self._source.recv(LARGEST_READ)
            if data == b"":
                self.close()
            elif not self._out:
                self._in += data or b""
                self._answer()
        except BlockingIOError:
            return
        except (OSError, ValueError, SrouteError):
            self.close()

    def _answer(self) -> None:
        """Looks at what has come in, request by request, as long as the answers leave."""
        while self._open and self._in and not self._out:
            done = self._feed(self._in)
            if done is None:
                break
            self._in = self._in[done[1] :]
            self._out += done[0]
            self._flush()
        if len(self._in) > MOST_WAITING:
            raise ValueError("a request that does not end")

    def _flush(self) -> None:
        """Sends; what is left over waits for its turn, and reading with it."""
        if not self._open:
            return
        try:
            while self._out:
                del self._out[: self._source.send(self._out)]
        except BlockingIOError:
            pass
        self._server.watch(self._source, self._turn, selectors.EVENT_WRITE if self._out else selectors.EVENT_READ)


class Streams:
    """The connections at a port: those that were accepted, and others that are handed in."""

    def __init__(
        self,
        server: Loop,
        socket_: socket.socket,
        feed: Callable[[socket.socket], Feed],
        took: Callable[["Stream", socket.socket], None] = lambda stream, source: None,
    ) -> None:
        """feed makes what takes the requests of a connection; took is told of each one."""
        self._server, self._socket, self._feed, self._took = server, socket_, feed, took
        self._streams: list[Stream] = []
        server.watch(socket_, self._accept)

    def _accept(self) -> None:
        try:
            made, _ = self._socket.accept()
        except OSError:
            self._make_room(len(self._streams) - 1)  # out of file descriptors, perhaps: a spinning loop helps nobody
            return
        try:
            self.take(made)
        except OSError:  # gone again
            made.close()

    def take(self, source: socket.socket) -> Stream:
        """Serves a connection."""
        self._make_room(MOST_OPEN - 1)
        made = Stream(self._server, source, self._feed(source), self._streams.remove)
        self._streams.append(made)
        self._took(made, source)
        return made

    def _make_room(self, most: int) -> None:
        while len(self._streams) > max(most, 0):
            self._streams[0].close()

    def close(self) -> None:
        """Hangs up everywhere."""
        self._make_room(0)
        self._server.forget(self._socket)
        self._socket.close()
