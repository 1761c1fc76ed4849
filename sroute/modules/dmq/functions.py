"""The functions of a script: messages of other nodes, and messages to them."""

from sroute.exports.fixups import FORMAT, INTEGER
from sroute.modules import sl
from sroute.modules.dmq.module import dmq
from sroute.modules.dmq.nodes import ACTIVE, Node, parse
from sroute.modules.dmq.state import Answer, Dmq
from sroute.modules.tm import forwarding
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.nexthop import Proxy
from sroute.runtime.dset import Branch
from sroute.runtime.run import Run
from sroute.sip.message import Message, ReplyLump

TRUE, FALSE, ENDS_SCRIPT = 1, -1, 0
UNKNOWN, UNKNOWN_NEWER = Answer(404, "User Not Found"), Answer(404, "Not Found Peer ID")


def sender(state: Dmq, message: Message) -> Node | None:
    """The node that a message of a channel comes from, by its From; in newer versions, if no port fits, by the IP address alone."""
    told = parse(message.from_.uri) if message.from_ is not None else None
    if told is None:
        return None
    found = state.nodes.find(told.host, told.port)
    return found if found is not None or not state.instance.dialect.newer else state.nodes.at(told.host)


def _handle(state: Dmq, run: Run, code: int) -> int:
    uri = run.message.parsed_uri
    peer = state.peers.get(uri.user) if uri is not None else None
    if peer is None:
        _reply(state, run, UNKNOWN_NEWER if state.instance.dialect.newer else UNKNOWN)
    else:
        receive = peer.receive
        state.workers.do(lambda: _reply(state, run, receive(run.message, sender(state, run.message))))
    return code


def _reply(state: Dmq, run: Run, answer: Answer) -> None:
    lumps = run.message.reply_lumps
    if answer.content_type:
        lumps.append(ReplyLump(f"Content-Type: {answer.content_type}\r\n"))
    if answer.body:
        lumps.append(ReplyLump(answer.body, body=True))
    stateless = state.instance.state("sl")
    assert isinstance(stateless, sl.Stateless)
    sl.send(stateless, run, answer.code, answer.reason)


@dmq.function("dmq_process_message")
@dmq.function("dmq_handle_message")
def handle(state: Dmq, run: Run) -> int:
    """Passes a KDMQ request to its channel, which answers it; the script ends behind it.

    Example: if ($rm == "KDMQ") { dmq_handle_message(); }
    """
    return _handle(state, run, 0)


@dmq.function("dmq_process_message", INTEGER)
@dmq.function("dmq_handle_message", INTEGER)
def handle_on(state: Dmq, run: Run, goes_on: int) -> int:
    """Passes a KDMQ request to its channel; with 1 the script goes on behind it.

    Example: if ($rm == "KDMQ") { dmq_handle_message("1"); exit; }
    """
    return _handle(state, run, goes_on)


@dmq.function("dmq_is_from_node")
def is_from_node(state: Dmq, run: Run) -> int:
    """Whether the message comes from the IP address of another node.

    Example: if (dmq_is_from_node()) { exit; }
    """
    return TRUE if _from_node(state, run) else FALSE


def _from_node(state: Dmq, run: Run) -> bool:
    source = run.message.src.ip
    return any(not node.local and state.instance.resolve(node.host) == source for node in state.nodes.all)


@dmq.function("dmq_t_replicate")
def replicate(state: Dmq, run: Run) -> int:
    """Sends the request on to all active nodes, unless it comes from one (-1); the script ends. Their replies stay here.

    Example: if ($rm == "REGISTER") { dmq_t_replicate(); }
    """
    return FALSE if _from_node(state, run) else _replicate(state, run)


@dmq.function("dmq_t_replicate", FORMAT)
def replicate_all(state: Dmq, run: Run, skip: str) -> int:
    """The same, with 1 also for a request that comes from a node. In 5.6.3 it does nothing: -1.

    Example: dmq_t_replicate("1");
    """
    if not state.instance.dialect.newer:
        state.instance.diag("ERROR", "Unsupported param type for int value: 32", span=run.at)
        state.instance.diag("ERROR", "failed to get parameter value", "dmq", run.at)
        state.instance.note("dmq_t_replicate() with a parameter fails in Kamailio 5.6.3, whatever the parameter is", run.at)
        return FALSE
    if skip != "1" and _from_node(state, run):
        return FALSE
    return _replicate(state, run)


def _replicate(state: Dmq, run: Run) -> int:
    tm = state.instance.state("tm")
    assert isinstance(tm, Tm)
    first = True
    for node in [node for node in state.nodes.all if not node.local and node.status == ACTIVE]:
        if not first:
            run.dset.branches.append(Branch(run.message.uri))
        first = False
        if forwarding.relay_request(tm, run, Proxy(node.host, node.port), "udp", replicate=True) < 0:
            state.instance.diag("ERROR", "error calling t_replicate", "dmq", run.at)
            return FALSE
    return ENDS_SCRIPT


@dmq.function("dmq_bcast_message", FORMAT, FORMAT, FORMAT)
def bcast(state: Dmq, run: Run, peer: str, body: str, content_type: str) -> int:
    """Sends a message to all active nodes.

    Example: dmq_bcast_message("htable", "text", "text/plain");
    """
    return TRUE if state.broadcast(peer, body, content_type) else FALSE


@dmq.function("dmq_send_message", FORMAT, FORMAT, FORMAT, FORMAT)
def send(state: Dmq, run: Run, peer: str, node: str, body: str, content_type: str) -> int:
    """Sends a message to one node that is known.

    Example: dmq_send_message("htable", "sip:127.0.0.1:5062", "text", "text/plain");
    """
    told = parse(node)
    if told is None:
        state.instance.diag("ERROR", "error parsing uri", "dmq", run.at)
    known = state.nodes.find(told.host, told.port) if told is not None else None
    if known is None:
        state.instance.diag("ERROR", f"cannot find dmq_node: {node}", "dmq", run.at)
        return FALSE
    return TRUE if state.send(peer, known, body, content_type) else FALSE
