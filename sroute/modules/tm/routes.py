"""Running the blocks of a transaction: failure_route, onreply_route, branch_route, event_route[tm:branch-failure]."""

from sroute.modules.tm.binding import Context, Tm, attach
from sroute.modules.tm.transaction import Answer, Branch, Transaction, is_message
from sroute.runtime.dset import Dset
from sroute.runtime.flow import DROP, EXIT
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.sip.message import Message

BRANCH_FAILURE = "tm:branch-failure:"
NUMBERS = {
    Routes.REQUEST: 1, Routes.FAILURE: 2, Routes.ONREPLY: 4, Routes.BRANCH: 8, Routes.ONSEND: 16, Routes.ERROR: 32,
    Routes.LOCAL: 64, Routes.REPLY: 128, Routes.BRANCH_FAILURE: 256, Routes.EVENT: 1,
}  # fmt: skip
"""How Kamailio numbers route kinds in its complaints."""


def prepare(tm: Tm, t: Transaction, message: Message, kind: Routes) -> tuple[Run, Context]:
    """A run over a message with the stores of a transaction."""
    run = Run(tm.process, message, kind, tm.steps)
    run.avps, run.xavps, run.xavus, run.xavis = t.avps, t.xavps, t.xavus, t.xavis
    return run, attach(run, Context(t, sought=True))


def run_block(tm: Tm, kind: Routes, name: str, run: Run, acting: Routes | None = None, complaint: str = "") -> None:
    """Runs a block; one that the script does not have is as good as an empty one. The complaint is for one that ends negative."""
    if not tm.services.has_route(kind, name):
        return
    code = tm.services.run_route(kind, name, run, acting)
    if complaint and code < 0 and run.flow not in (EXIT, DROP):
        tm.complain("ERROR", complaint)


def failure(tm: Tm, t: Transaction, picked: Branch, drop_replies: int) -> Context:
    """Runs the failure_route of a branch over a copy of the request; it is unset before, so it may set itself again."""
    run, here = _faked(tm, t, picked, Routes.FAILURE)
    here.drop_replies = drop_replies
    name = picked.on_failure
    t.on_failure = ""
    t.suspended = False
    run_block(tm, Routes.FAILURE, name, run, complaint="error running run_top_route for failure handler")
    t.request.flags = run.message.flags
    return here


def branch_failure(tm: Tm, t: Transaction, branch: Branch) -> None:
    """Runs event_route[tm:branch-failure:NAME] for a branch that has failed."""
    run, here = _faked(tm, t, branch, Routes.BRANCH_FAILURE)
    here.branch = here.index = branch.index
    t.on_branch_failure = ""
    run_block(tm, Routes.EVENT, BRANCH_FAILURE + branch.on_branch_failure, run, Routes.BRANCH_FAILURE, "error in run_top_route")
    t.request.flags = run.message.flags


def _faked(tm: Tm, t: Transaction, branch: Branch, kind: Routes) -> tuple[Run, Context]:
    """The request again, as it was when the transaction was made, with the changes that were saved since."""
    message = t.request.shadow()
    message.number -= 1  # so that nothing that is kept for the request is taken for what belongs to the copy
    run, here = prepare(tm, t, message, kind)
    run.dset = Dset(ruri_flags=branch.flags)
    run.dset.spend(run.message)
    here.timed_out = branch.request.timed_out
    here.was_replied = branch.request.replied
    here.index = branch.index
    run.branch_index = branch.index
    run.reply = branch.reply if is_message(branch.reply) else None
    return run, here


def onreply(tm: Tm, t: Transaction, branch: Branch, reply: Message) -> bool:
    """Runs the onreply_route of a branch; True when a drop has ended it."""
    run, here = prepare(tm, t, reply, Routes.ONREPLY)
    here.branch = here.index = run.branch_index = branch.index
    run.dset = Dset(ruri_flags=branch.flags)
    run.reply = reply
    reply.flags = t.request.flags
    before = branch.last
    branch.last = max(branch.last, reply.status)
    run_block(tm, Routes.ONREPLY, branch.on_reply, run)
    branch.last = before
    t.request.flags = reply.flags
    branch.flags = run.dset.ruri_flags
    return run.flow == DROP


def answer_reason(answer: Answer | None) -> str:
    """The reason phrase of a received answer."""
    return answer.reason if is_message(answer) else ""
