"""The selects of tm: `@tm.method`, `@tm.uas.status`, `@tm.uac[0].request`."""

from collections.abc import Callable

from sroute.exports.select import Factory, Parts
from sroute.modules.tm.binding import Tm, context
from sroute.modules.tm.declaration import tm
from sroute.modules.tm.lookup import check
from sroute.modules.tm.transaction import LOCAL_REPLY, Branch, Transaction, is_message
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value

Part = Callable[[Run, Transaction], Value]


def _last(run: Run, t: Transaction) -> Branch | None:
    """The branch that the reply at hand belongs to."""
    at = context(run).branch
    return t.branches[at] if not run.message.is_request and 0 <= at < len(t.branches) else None


def _last_status(run: Run, t: Transaction) -> Value:
    branch = _last(run, t)
    return None if branch is None else str(branch.last)


def _retransmission(run: Run, t: Transaction) -> Value:
    branch = _last(run, t)
    return None if branch is None else "1" if branch.last == run.message.status else "-1"


def _local_tag(run: Run, t: Transaction) -> Value:
    return t.local_tag if t.relayed_branch == LOCAL_REPLY else ""


PARTS: dict[tuple[str, ...], Part] = {
    ("method",): lambda run, t: t.method,
    ("uas", "status"): lambda run, t: str(t.status),
    ("uas", "request"): lambda run, t: t.request.text,
    ("uas", "req"): lambda run, t: t.request.text,
    ("uas", "local_to_tag"): _local_tag,
    ("uas", "response"): lambda run, t: t.response.text,
    ("uas", "resp"): lambda run, t: t.response.text,
    ("uac", "count"): lambda run, t: str(len(t.branches)),
    ("uac", "relayed"): lambda run, t: str(t.relayed_branch),
    ("uac", "last_status"): _last_status,
    ("uac", "response_retransmission"): _retransmission,
}
BRANCH_PARTS: dict[str, Callable[[Branch], Value]] = {
    "status": lambda branch: str(branch.last),
    "uri": lambda branch: branch.uri,
    "response": lambda branch: branch.reply.text if is_message(branch.reply) else None,
    "resp": lambda branch: branch.reply.text if is_message(branch.reply) else None,
    "request": lambda branch: branch.request.text,
    "req": lambda branch: branch.request.text,
}


@tm.select("tm", late=True)
def select_tm(index: int | str | None, rest: Parts) -> Factory | None:
    """The transaction: `method`, `uas.status`, `uas.request`, `uas.response`, `uas.local_to_tag`, `uac.count`, `uac.relayed`, and more.

    `uac.last_status` and `uac.response_retransmission` are there in reply routes; `uac[n].status`, `.request` and `.response` are of a
    branch. Null without a transaction.

    Example: $var(status) = @tm.uas.status;
    """
    if index is not None:
        return None
    match rest:
        case (("uac", int(number)), (str(name), None)) if name in BRANCH_PARTS:
            part = BRANCH_PARTS[name]
            return lambda services: _reader(services, lambda run, t: part(t.branches[number]) if 0 <= number < len(t.branches) else None)
        case _:
            found = PARTS.get(tuple(name for name, _ in rest))
            if found is None or any(at is not None for _, at in rest):
                return None
            read = found
            return lambda services: _reader(services, read)


def _reader(services: Services, part: Part) -> Read:
    state = services.state("tm")
    assert isinstance(state, Tm)

    def read(run: Run) -> Value:
        t = check(state, run)
        return None if t is None else part(run, t)

    return read
