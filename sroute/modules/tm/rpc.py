"""RPC commands of tm."""

import re
from collections.abc import Sequence
from typing import Any

from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.tm import canceling, lookup, replying
from sroute.modules.tm.binding import Tm
from sroute.modules.tm.canceling import Canceling
from sroute.modules.tm.declaration import tm
from sroute.modules.tm.transaction import Transaction
from sroute.runtime.xavp import address
from sroute.sip.message import ReplyLump

_IDENT = re.compile(r"(\d+):(\d+)\Z")
_CELL = 0x1000
_INVITE, _LOCAL, _CANCELED, _AUTO_100 = 1, 2, 8, 64
Arguments = Sequence[Any]


@tm.rpc("tm.stats")
def stats(state: Tm, services: Any, args: Arguments) -> RpcValue:
    """Figures about transactions and their replies."""
    counters = state.counters
    shown: dict[str, RpcValue] = {
        "current": counters.created - counters.freed,
        "waiting": counters.waiting,
        "total": counters.created,
        "total_local": counters.local,
        "rpl_received": counters.received,
        "rpl_generated": counters.generated,
        "rpl_sent": counters.sent,
    }
    shown.update({f"{first}xx": counters.classes[first] for first in (6, 5, 4, 3, 2)})
    return {**shown, "created": counters.created, "freed": counters.freed, "delayed_free": 0}


@tm.rpc("tm.list", array=True)
def listing(state: Tm, services: Any, args: Arguments) -> RpcValue:
    """All transactions."""
    return [_shown(state, t) for _, slot in sorted(state.table.items()) for t in slot]


def _shown(state: Tm, t: Transaction) -> RpcValue:
    request = t.request
    flags = (
        (_INVITE if t.is_invite else 0) | (_LOCAL if t.local else 0) | (_CANCELED if t.canceled else 0) | (_AUTO_100 if t.auto_100 else 0)
    )

    def line(kind: str) -> str:
        row = request.row(kind)
        return request.text[row[1] : row[4]] if row is not None else ""

    return {
        "cell": address(_CELL + t.label % _CELL),
        "tindex": t.hash_index,
        "tlabel": t.label,
        "method": t.method,
        "from": line("from"),
        "to": line("to"),
        "callid": line("call-id"),
        "cseq": line("cseq").rpartition(" ")[0],
        "uas_request": "no" if t.own else "yes",
        "tflags": flags,
        "outgoings": len(t.branches),
        "ref_count": 1,
        "lifetime": t.lifetime,
    }


@tm.rpc("tm.clean")
def clean(state: Tm, services: Any, args: Arguments) -> RpcValue:
    """Looks for transactions that should have ended; here all end in time."""
    return None


@tm.rpc("tm.hash_stats")
def hash_stats(state: Tm, services: Any, args: Arguments) -> RpcValue:
    """Not compiled into Kamailio's packages."""
    raise RpcFault(500, "Hash statistics not supported (tryrecompiling with -DTM_HASH_STATS)")


@tm.rpc("tm.cancel", "call-id cseq")
def cancel(state: Tm, services: Any, args: Arguments) -> RpcValue:
    """Cancels the branches of an INVITE; answers how many of them have not answered yet."""
    if len(args) < 2 or not all(isinstance(one, str) for one in args[:2]):
        raise RpcFault(400, "Callid and CSeq expected as parameters")
    t = lookup.find_call(state, args[0], args[1])
    if t is None:
        raise RpcFault(400, "Transaction not found")
    marked = canceling.mark(t)
    waiting = sum(branch.last < 100 for branch in marked)
    replying.cancel_open(state, t, Canceling(marked), 0)
    return [waiting, "branches remaining (waiting for timeout)"]


@tm.rpc("tm.reply_callid", "code reason call-id cseq tag headers body")
def reply_callid(state: Tm, services: Any, args: Arguments) -> RpcValue:
    """Answers the INVITE with that Call-ID and CSeq number."""
    _expect(args, ("Reply code", "Reason phrase", "Call-ID", "CSeq"))
    t = lookup.find_call(state, args[2], args[3])
    if t is None:
        raise RpcFault(404, "Transaction not found")
    return _answer(state, t, args, 4)


@tm.rpc("tm.reply", "code reason index:label tag headers body")
def reply(state: Tm, services: Any, args: Arguments) -> RpcValue:
    """Answers the transaction with that index and label."""
    _expect(args, ("Reply code", "Reason phrase", "Transaction ID", "To tag"))
    match = _IDENT.match(args[2])
    if match is None:
        state.complain("ERROR", f"Invalid trans_id ({args[2]})")
        raise RpcFault(400, "Invalid transaction ID")
    t = lookup.find_ident(state, int(match[1]), int(match[2]))
    if t is None:
        state.complain("ERROR", "Lookup failed")
        raise RpcFault(481, "No such transaction")
    return _answer(state, t, args, 3)


def _expect(args: Arguments, names: tuple[str, ...]) -> None:
    for at, name in enumerate(names):
        if at >= len(args) or not isinstance(args[at], str if at else int):
            raise RpcFault(400, f"{name} expected")


def _answer(state: Tm, t: Transaction, args: Arguments, at: int) -> RpcValue:
    """Sends the reply with a To tag, header lines and a body, all three as they are given; each may be empty."""
    more = [str(one) for one in args[at : at + 3]]
    if len(more) < 3:
        raise RpcFault(400, f"error at parameter {at + len(more)}: expected string type but end of packet encountered")
    tag, headers, body = more
    request = t.request
    kept = list(request.reply_lumps)
    if headers:
        request.reply_lumps.append(ReplyLump(headers))
    if body:
        request.reply_lumps.append(ReplyLump(body, body=True))
    done = replying.make(state, t, request, args[0], args[1], tag=tag)
    request.reply_lumps[:] = kept
    if done < 0:
        raise RpcFault(500, "Reply failed")
    return None
