"""JSON-RPC over HTTP: POST with a request as its body, to any path."""

import re

from sroute.instance import jsonrpc
from sroute.instance.live import Server
from sroute.instance.live_streams import Feed

MAX_HEAD = 16384
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$", re.I | re.M)
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.I | re.M)
_LINE = re.compile(rb"([A-Z]+) \S+ HTTP/1\.[01]\r?\n")
_REASONS = {200: "OK", 400: "Bad Request", 405: "Method Not Allowed", 403: "Forbidden", 411: "Length Required"}


def feed(server: Server) -> Feed:
    """Requests on a connection; a browser's page (it names an Origin) is refused, so that no web site can send commands."""

    def answer(data: bytes) -> tuple[bytes, int] | None:
        head, found, rest = data.partition(b"\r\n\r\n")
        if not found:
            if len(data) > MAX_HEAD:
                raise ValueError("the head is too long")
            return None
        line = _LINE.match(head + b"\r\n")
        if line is None:
            return _reply(400, b""), len(data)
        if _CHUNKED.search(head):
            return _reply(411, b""), len(data)
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        if size > jsonrpc.MAX_REQUEST:
            raise ValueError("the body is too long")
        if len(rest) < size:
            return None
        return _answer(server, line[1], head, rest[:size]), len(head) + 4 + size

    return answer


def _answer(server: Server, method: bytes, head: bytes, body: bytes) -> bytes:
    if method != b"POST":
        return _reply(405, b"")
    if re.search(rb"^origin[ \t]*:", head, re.I | re.M):
        return _reply(403, b"")
    answer = jsonrpc.answer(body, server.commands.call, server.commands.known)
    return _reply(400, b"") if answer is None else _reply(200, answer.data)


def _reply(code: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {code} {_REASONS[code]}\r\nServer: sroute\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode("ascii") + body
