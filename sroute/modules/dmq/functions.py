"""The functions of a script: messages of other nodes, and messages to them."""

from sroute.exports.fixups import FORMAT, INTEGER
from sroute.modules import sl
from sroute.modules.dmq.module import dmq
from sroute.modules.dmq.nodes import Node, parse
from sroute.modules.dmq.state import METHOD, Answer, Dmq
from sroute.runtime.run import Run
from sroute.sip.message import Message, ReplyLump

TRUE, FALSE = 1, -1
UNKNOWN = Answer(404, "User Not Found")


def sender(state: Dmq, message: Message) -> Node | None:
    """The node that a message comes from, by its From."""
    told = parse(message.from_.uri) if message.from_ is not None else None
    return state.nodes.find(told.host, told.port) if told is not None else None


def _handle(state: Dmq, run: Run, code: int) -> int:
    message = run.message
    if message.method != METHOD:
        state.instance.diag("ERROR", "not a DMQ message", "dmq", run.at)
        return FALSE
    uri = message.parsed_uri
    peer = state.peers.get(uri.user) if uri is not None else None
    answer = UNKNOWN if peer is None else peer.receive(message, sender(state, message))
    if answer.content_type:
        message.reply_lumps.append(ReplyLump(f"Content-Type: {answer.content_type}\r\n"))
    if answer.body:
        message.reply_lumps.append(ReplyLump(answer.body, body=True))
    stateless = state.instance.state("sl")
    assert isinstance(stateless, sl.Stateless)
    sl.send(stateless, run, answer.code, answer.reason)
    return code


@dmq.function("dmq_handle_message")
def handle(state: Dmq, run: Run) -> int:
    """Passes a KDMQ request to its channel, which answers it; the script ends behind it.

    Example: if ($rm == "KDMQ") { dmq_handle_message(); }
    """
    return _handle(state, run, 0)


@dmq.function("dmq_handle_message", INTEGER)
def handle_on(state: Dmq, run: Run, goes_on: int) -> int:
    """Passes a KDMQ request to its channel; with 1 the script goes on behind it.

    Example: if ($rm == "KDMQ") { dmq_handle_message("1"); exit; }
    """
    return _handle(state, run, goes_on)


@dmq.function("dmq_is_from_node")
def is_from_node(state: Dmq, run: Run) -> int:
    """Whether the message comes from a node that is known, by its From.

    Example: if (dmq_is_from_node()) { exit; }
    """
    return FALSE if sender(state, run.message) is None else TRUE


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
    known = state.nodes.find(told.host, told.port) if told is not None else None
    if known is None:
        state.instance.diag("ERROR", f"cannot find dmq node: {node}", "dmq", run.at)
        return FALSE
    return TRUE if state.send(peer, known, body, content_type) else FALSE
