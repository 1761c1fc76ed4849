"""The sockets and fifos by which a served instance takes commands."""

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

from sroute.errors import UsageError
from sroute.exports.rpc import RpcFault
from sroute.instance import binrpc, jsonrpc
from sroute.instance.live import LARGEST_DATAGRAM, Server
from sroute.instance.live_streams import Feed, Streams


def unix_path(path: str) -> str:
    """A path at which a socket or fifo can be made; a dead one that is left there is removed.

    Raises UsageError.
    """
    try:
        mode = os.stat(path, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return path
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    if not (stat.S_ISSOCK(mode) and _dead(path)):
        raise UsageError(f"{path}: is already there")
    os.unlink(path)
    return path


def _dead(path: str) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_UNIX, kind) as probe:
            try:
                probe.connect(path)
            except ConnectionRefusedError:
                return True
            except OSError:
                continue
            return False
    return False


def bound(kind: socket.SocketKind, address: str | tuple[str, int]) -> socket.socket:
    """A bound socket: unix for a path, else IP.

    Raises UsageError.
    """
    if isinstance(address, str):
        family = socket.AF_UNIX
        unix_path(address)
    else:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    made = socket.socket(family, kind)
    try:
        if family != socket.AF_UNIX:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        if isinstance(address, str):
            os.chmod(address, 0o600)
        if kind == socket.SOCK_STREAM:
            made.listen()
    except OSError as error:
        made.close()
        raise UsageError(f"{address}: {error.strerror or error}") from None
    made.setblocking(False)
    return made


def remove(path: str) -> None:
    """Removes the path of a socket or fifo."""
    Path(path).unlink(missing_ok=True)


class Connections:
    """A stream socket that takes requests: binrpc or HTTP, by feed."""

    def __init__(self, server: Server, address: str | tuple[str, int], feed: Feed) -> None:
        """Listens at once."""
        self._path = address if isinstance(address, str) else ""
        self._streams = Streams(server, bound(socket.SOCK_STREAM, address), lambda source: feed)
        server.add(self)

    def close(self) -> None:
        """Hangs up everywhere."""
        self._streams.close()
        if self._path:
            remove(self._path)


class Datagrams:
    """A datagram socket that takes requests: one in, one out."""

    def __init__(self, server: Server, address: str | tuple[str, int], reply: Callable[[bytes], bytes | None]) -> None:
        """Listens at once."""
        self._reply, self._path = reply, address if isinstance(address, str) else ""
        self._socket = bound(socket.SOCK_DGRAM, address)
        server.add(self)
        server.watch(self._socket, self._read)

    def _read(self) -> None:
        try:
            data, peer = self._socket.recvfrom(LARGEST_DATAGRAM)
            answer = self._reply(data)
            if answer is not None and peer:
                self._socket.sendto(answer, peer)
        except OSError:  # a peer that did not wait for its answer
            return

    def close(self) -> None:
        """Lets go of the socket."""
        self._socket.close()
        if self._path:
            remove(self._path)


class Fifo:
    """A fifo as jsonrpcs reads it: JSON documents one after the other, answered on the fifo that each names."""

    def __init__(self, server: Server, path: str, reply_dir: str, *, pretty: bool = True) -> None:
        """Makes the fifo."""
        self._server, self._path, self._dir, self._pretty = server, path, reply_dir, pretty
        try:
            os.mkfifo(unix_path(path), 0o600)
            self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK)  # open for writing too: it never ends
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None
        self._waiting = b""
        server.add(self)
        server.watch(self._file, self._read)

    def _read(self) -> None:
        self._waiting += os.read(self._file, LARGEST_DATAGRAM)
        while (end := document_end(self._waiting)) > 0:
            request, self._waiting = self._waiting[:end], self._waiting[end:]
            commands = self._server.commands
            answer = jsonrpc.answer(request, commands.call, commands.known, pretty=self._pretty)
            if answer is not None and answer.reply_name:
                self._answer(answer)
        if len(self._waiting) > LARGEST_DATAGRAM:
            self._waiting = b""

    def _answer(self, answer: jsonrpc.Answer) -> None:
        """Writes to the fifo that was named: a plain name in the folder of answers, which has to be there and to be read."""
        name = answer.reply_name
        if "/" in name or name.startswith("."):
            self._server.complain(f"no answer to the fifo {name!r}: not a plain name")
            return
        try:
            file = os.open(os.path.join(self._dir, name), os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except (OSError, ValueError) as error:
            self._server.complain(f"no answer to the fifo {name!r}: {error}")
            return
        try:
            if stat.S_ISFIFO(os.fstat(file).st_mode):
                os.write(file, answer.data)
        except OSError as error:
            self._server.complain(f"no answer to the fifo {name!r}: {error}")
        finally:
            os.close(file)

    def close(self) -> None:
        """Removes the fifo."""
        os.close(self._file)
        remove(self._path)


def document_end(data: bytes) -> int:
    """Where the first JSON document ends: its braces are closed; without a brace, its line. 0 while it is open."""
    depth, quoted, escaped = 0, False, False
    for at, byte in enumerate(data):
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = byte == 0x5C, byte != 0x22
        elif byte == 0x22:
            quoted = True
        elif byte in b"{[":
            depth += 1
        elif byte in b"}]":
            depth -= 1
            if depth <= 0:
                return at + 1
        elif byte == 0x0A and depth == 0:
            return at + 1
    return 0


def binrpc_feed(server: Server) -> Feed:
    """Requests of kamcmd on a stream."""

    def feed(data: bytes) -> tuple[bytes, int] | None:
        taken = binrpc.take(data)
        if taken is None:
            return None
        request, length = taken
        try:
            return binrpc.reply(request.cookie, server.commands.call(request.command, request.args)), length
        except RpcFault as fault:
            return binrpc.fault(request.cookie, fault.code, fault.message), length

    return feed


def binrpc_datagram(server: Server) -> Callable[[bytes], bytes | None]:
    """Requests of kamcmd in datagrams."""
    feed = binrpc_feed(server)

    def reply(data: bytes) -> bytes | None:
        try:
            done = feed(data)
        except binrpc.BinrpcError:
            return None
        return done and done[0]

    return reply


def json_datagram(server: Server, *, pretty: bool = True) -> Callable[[bytes], bytes | None]:
    """JSON-RPC in datagrams."""

    def reply(data: bytes) -> bytes | None:
        answer = jsonrpc.answer(data, server.commands.call, server.commands.known, pretty=pretty)
        return None if answer is None else answer.data

    return reply
