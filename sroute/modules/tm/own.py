"""Requests of the proxy's own: transactions without a caller, for t_uac_send() and for other modules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from zlib import crc32

from sroute.modules.tm import local, nexthop, timing
from sroute.modules.tm.binding import Context, Tm, attach, to_ticks
from sroute.modules.tm.transaction import Branch, Transaction, new_branch
from sroute.runtime.avp import AvpStore
from sroute.runtime.flow import DROP
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.runtime.sockets import Socket
from sroute.runtime.xavp import XavpStore
from sroute.sip import relay, tags
from sroute.sip.endpoint import Endpoint
from sroute.sip.message import Message

EVENT = "tm:local-request"
DEFAULT_CSEQ = "10"
_UNIQUE = 32
Done = Callable[[Transaction, int], None]


@dataclass(slots=True)
class Request:
    """What is to be sent. next_hop is a URI ("": that of the request); headers are whole lines; tags and Call-ID are made up if empty."""

    method: str
    uri: str
    from_uri: str
    to_uri: str
    from_tag: str = ""
    to_tag: str = ""
    call_id: str = ""
    cseq: str = DEFAULT_CSEQ
    headers: str = ""
    body: str = ""
    next_hop: str = ""
    socket: Socket | None = None
    on_done: list[Done] = field(default_factory=list)
    """Called with the transaction and the code when a final reply has come, or none (408)."""
    from_text: str = ""
    to_text: str = ""
    """Whole values of From and To, instead of URIs; the tag of From is added to its value."""


def send(tm: Tm, request: Request) -> Transaction | None:
    """Sends a request and waits for its replies; None when it could not be built. An ACK is just sent."""
    destination = nexthop.resolve(tm, None, request.next_hop or request.uri, "")
    if isinstance(destination, int):
        tm.complain("ERROR", "no socket found")
        return None
    socket = request.socket or tm.services.sockets.first(destination.proto, ipv6=destination.is_ipv6)
    if socket is None:
        tm.complain("ERROR", "no socket found")
        return None
    request.call_id = request.call_id or _call_id(tm, socket)
    request.from_tag = request.from_tag or _tag(tm, request.call_id)
    t = _transaction(tm, request, socket, destination)
    if not _run_event(tm, t, request):
        return t
    if request.method == "ACK":
        timing.send(tm, t.branches[0].request)
        return t
    tm.table.setdefault(t.hash_index, []).append(t)
    tm.counters.created += 1
    tm.counters.local += 1
    timing.send(tm, t.branches[0].request)
    timing.start(tm, t, t.branches[0].request)
    return t


def new_tag(tm: Tm) -> str:
    """A From tag that no other request has."""
    return f"{tm.services.random.getrandbits(128):032x}-{tm.services.random.getrandbits(32):08x}"


def _tag(tm: Tm, call_id: str) -> str:
    """One of its own for each Call-ID; the same for the same."""
    if not tm.from_tag:
        tm.from_tag = f"{tm.services.random.getrandbits(128):032x}"
    return f"{tm.from_tag}-{crc32(call_id.encode('latin-1')):08x}"


def _call_id(tm: Tm, socket: Socket) -> str:
    if not tm.call_ids:
        tm.call_ids = tm.services.random.getrandbits(63)
    tm.call_ids += 1
    return f"{tm.call_ids:016x}-{tm.process.pid}@{socket.endpoint.host}"


def _transaction(tm: Tm, request: Request, socket: Socket, destination: Endpoint) -> Transaction:
    """The transaction with its only branch."""
    slot = tags.transaction_hash(request.call_id, request.cseq)
    label = tm.next_label(slot)
    base = tags.branch(slot, tags.reverse_hex(label).ljust(_UNIQUE, "0"), 0).rpartition(".")[0]
    text = _text(tm, request, relay.Outgoing(proto=destination.proto, socket=socket.endpoint, received_on=socket.endpoint), f"{base}.0")
    message = Message(text, socket.endpoint, socket.endpoint)
    message.dst_uri = request.next_hop or request.uri
    invite = request.method == "INVITE"
    t = Transaction(
        hash_index=slot,
        label=label,
        request=message,
        branch_base=base,
        method=request.method,
        avps=AvpStore(),
        xavps=XavpStore(),
        xavus=XavpStore(),
        xavis=XavpStore(fold=True),
        lifetime=tm.ticks() + to_ticks(tm.max_inv_lifetime if invite else tm.max_noninv_lifetime),
        fr=tm.fr_timer,
        fr_inv=tm.fr_inv_timer,
        t1=tm.retr_timer1,
        t2=tm.retr_timer2,
        on_done=list(request.on_done),
    )
    t.local = t.own = True
    branch = new_branch(0)
    branch.request.text, branch.request.source, branch.request.destination = text, socket.endpoint, destination
    branch.uri = request.uri
    t.branches.append(branch)
    return t


def _text(tm: Tm, request: Request, out: relay.Outgoing, via_branch: str) -> str:
    def address(uri: str, tag: str) -> str:
        return f"<{uri}>" + (f";tag={tag}" if tag else "")

    to = request.to_text or address(request.to_uri, request.to_tag)
    sender = f"{request.from_text};tag={request.from_tag}" if request.from_text else address(request.from_uri, request.from_tag)
    given = request.headers.startswith("Max-Forwards:") or (request.from_text and "\nMax-Forwards:" in request.headers)
    forwards = "" if given else "Max-Forwards: 70\r\n"
    return (
        f"{request.method} {request.uri} SIP/2.0\r\n{relay.via_line(None, out, via_branch)}"
        f"To: {to}\r\nFrom: {sender}\r\n"
        f"CSeq: {request.cseq} {request.method}\r\nCall-ID: {request.call_id}\r\n{forwards}"
        f"Content-Length: {len(request.body)}\r\n{_agent(tm)}{request.headers}\r\n{request.body}"
    )


def _agent(tm: Tm) -> str:
    line = tm.agent_line()
    return f"{line}\r\n" if line else ""


def _run_event(tm: Tm, t: Transaction, request: Request) -> bool:
    """event_route[tm:local-request] may change the request, not its way; False when it was dropped."""
    if not tm.has_local_request:
        return True

    def prepare(run: Run) -> None:
        run.kind = Routes.LOCAL
        run.avps, run.xavps, run.xavus, run.xavis = t.avps, t.xavps, t.xavus, t.xavis
        attach(run, Context(t, sought=True))

    run = tm.services.run_event(EVENT, t.request, prepare)
    if run is not None and run.flow == DROP:
        tm.complain("ERROR", "UAC error")
        return False
    text = relay.apply_changes(t.request)
    if text != t.request.text:
        t.branches[0].request.text = text
    return True


def acknowledge(tm: Tm, t: Transaction, branch: Branch, answer: Message) -> None:
    """The ACK to a 2xx for an INVITE of our own; a retransmitted 2xx gets it once more."""
    if t.own_ack is None:
        t.own_ack = _ack(tm, branch, answer)
    if t.own_ack is None:
        tm.complain("ERROR", "no socket found")
        tm.complain("ERROR", f"failed to build local ACK retransmission buffer (T@0x7f{t.label:010x}).")
        return
    text, destination = t.own_ack
    assert branch.request.source is not None
    tm.services.send(text, branch.request.source, destination)


def _ack(tm: Tm, branch: Branch, answer: Message) -> tuple[str, Endpoint] | None:
    target, routes = local.dialog_target(answer)
    destination = nexthop.resolve(tm, None, routes[0].uri if routes else target, "")
    if isinstance(destination, int):
        return None
    return local.ack_of_own(branch.request.text, answer, target, routes, _agent(tm)), destination
