"""What goes over the wire in the core's own routes: `$snd(...)` on the way out, `$rcv(...)` on the way in, `$msgbuf(...)`."""

from collections.abc import Callable

from sroute.exports.fixups import Arg, Constant, FixupError, Names, Scope, reader
from sroute.exports.variable import Index, Pv
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.pv.module import pv
from sroute.runtime.flow import AssignError
from sroute.runtime.run import RECEIVED, Read, Run, Sending, Write
from sroute.runtime.values import FAILED, Value
from sroute.sip.endpoint import Endpoint

ENDPOINT_PARTS: dict[str, Callable[[Endpoint], Value]] = {
    "ip": lambda end: end.ip,
    "port": lambda end: end.port,
    "proto": lambda end: end.proto_id,
    "sproto": lambda end: end.proto,
    "af": lambda end: 10 if end.is_ipv6 else 2,
}


def _sending(name: str, doc: str, end: Callable[[Sending], Endpoint]) -> None:
    def factory(scope: Scope, inner: Arg[str], index: Index) -> Read:
        if key(inner) == "buf":
            return lambda run: run.sending.text if run.sending is not None else None
        part = ENDPOINT_PARTS[key(inner)]
        return lambda run: part(end(run.sending)) if run.sending is not None else None

    factory.__doc__ = (
        f"{doc}: ip, port, proto (a number), sproto, af, buf (what is sent). Null outside of onsend_route.\n\n"
        f'Example: onsend_route {{ xlog("${name}(ip):${name}(port)\\n"); }}'
    )
    pv.variables_of(name, inner=OneOf((*ENDPOINT_PARTS, "buf")))(factory)


_sending("snd", "Where the message is sent to", lambda sending: sending.destination)
_sending("sndto", "Where the message is sent to", lambda sending: sending.destination)
_sending("sndfrom", "The socket that the message is sent from", lambda sending: sending.source)

RECEIVED_PARTS: dict[str, Callable[[Sending], Value]] = {
    "buf": lambda got: got.text,
    "len": lambda got: len(got.text),
    "proto": lambda got: got.source.proto_id,
    "sproto": lambda got: got.source.proto,
    "af": lambda got: 10 if got.source.is_ipv6 else 2,
    "srcip": lambda got: got.source.ip,
    "srcport": lambda got: got.source.port,
    "rcvip": lambda got: got.destination.ip,
    "rcvport": lambda got: got.destination.port,
}


@pv.variables_of("rcv", inner=OneOf(tuple(RECEIVED_PARTS)))
def rcv(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """What came in: buf, len, proto, sproto, af, srcip, srcport, rcvip, rcvport. Only in event_route[core:msg-received].

    Example: event_route[core:msg-received] { xlog("$(rcv(srcip)):$(rcv(srcport))\\n"); }
    """
    return _received(RECEIVED_PARTS[key(inner)])


@pv.variables_of("recv", inner=OneOf(tuple(RECEIVED_PARTS)), since="later")
def recv(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The same as `$rcv`.

    Example: event_route[core:msg-received] { xlog("$(recv(srcip)):$(recv(srcport))\\n"); }
    """
    return _received(RECEIVED_PARTS[key(inner)])


def _received(part: Callable[[Sending], Value]) -> Read:
    def read(run: Run) -> Value:
        got = run.extra.get(RECEIVED)
        return part(got) if isinstance(got, Sending) else None

    return read


@rcv.writer
def set_rcv(scope: Scope, inner: Arg[str], index: Index) -> Write:
    """Kamailio 5.6.3 takes the assignment at start and refuses it at run time."""

    def write(run: Run, value: Value) -> None:
        raise AssignError("received info not set")

    return write


class Offset:
    """An offset into the message: a number or a variable; one that holds no int counts as 0."""

    form = "offset"

    def parse(self, text: str, names: Names) -> int | Pv:
        """The number."""
        if text.startswith("$"):
            return names.pv(text)
        if not text.lstrip("-").isdigit() or len(text) > 9:
            raise FixupError(f"bad index value: [{text}]")
        return int(text)

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int]:
        """The number."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read = scope.read(parsed)

        def number(run: Run) -> int:
            value = read(run)
            return value if isinstance(value, int) and value is not FAILED else 0

        return number


@pv.variables_of("msgbuf", inner=Offset())
def msgbuf(scope: Scope, inner: Arg[int], index: Index) -> Read:
    """One character of the message as received, which can be overwritten in place.

    Example: xlog("$msgbuf(0)\\n");
    """
    offset_of, services = reader(inner), scope.services

    def read(run: Run) -> Value:
        text, offset = run.message.text, offset_of(run)
        if not 0 <= offset < len(text):
            services.diag("ERROR", "index out of range", "pv", run.at)
            return None
        # 5.6.3 gives the NUL behind the character, too.
        return f"{text[offset]}\0"

    return read


@msgbuf.writer
def set_msgbuf(scope: Scope, inner: Arg[int], index: Index) -> Write:
    """Writes the first character of a text."""
    offset_of, services = reader(inner), scope.services

    def write(run: Run, value: Value) -> None:
        message, offset = run.message, offset_of(run)
        if not 0 <= offset < len(message.text):
            raise AssignError("index out of range")
        if value is None:
            services.diag("ERROR", "null value - skipping", "pv", run.at)
            return
        if not isinstance(value, str) or not value:
            raise AssignError("error - str value required")
        message.text = f"{message.text[:offset]}{value[0]}{message.text[offset + 1 :]}"

    return write
