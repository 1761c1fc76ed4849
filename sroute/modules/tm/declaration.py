"""The tm module itself: its parameters, and when the instance calls it."""

from typing import Any

from sroute.exports.module import InitError, Module
from sroute.modules.tm import lookup, replying, timing
from sroute.modules.tm.binding import Context, Done, Tm, attach, context
from sroute.modules.tm.transaction import Buffer, Kind, Transaction
from sroute.runtime.routes import Routes
from sroute.runtime.run import Process, Run
from sroute.sip import tags

tm = Module("tm", Tm, "Transactions: relays requests, answers them, keeps what belongs to a call attempt until it has ended.")

for _name, _doc in {
    "fr_timer": "How long a branch may go without any reply, in ms (30000).",
    "fr_inv_timer": "How long an INVITE may ring, in ms (120000).",
    "wt_timer": "How long an ended transaction stays to absorb late messages, in ms (5000).",
    "retr_timer1": "The first retransmission interval, in ms (500).",
    "retr_timer2": "The longest retransmission interval, in ms (4000).",
    "max_inv_lifetime": "How long an INVITE transaction may live altogether, in ms (180000).",
    "max_noninv_lifetime": "How long another transaction may live altogether, in ms (32000).",
    "ruri_matching": "Requests without a z9hG4bK branch must have the same Request-URI to match (1).",
    "via1_matching": "Requests without a z9hG4bK branch must have the same top Via to match (1).",
    "callid_matching": "Requests must have the same Call-ID to match (0).",
    "callid_cseq_matching": "Replies are matched by Call-ID and CSeq (0).",
    "noisy_ctimer": "An INVITE that nobody has answered gets a 408 (1) or nothing (0).",
    "auto_inv_100": "t_relay() answers an INVITE with 100 (1).",
    "restart_fr_on_each_reply": "Each provisional reply starts fr_inv_timer again (1).",
    "aggregate_challenges": "Several 401 and 407 become one with all challenges (1).",
    "unmatched_cancel": "A CANCEL without INVITE is relayed with a transaction (0), without (1), or dropped (2).",
    "default_code": "The code of t_reply() when its own is no number (500).",
    "reparse_invite": "CANCEL and ACK are made of the INVITE as it was sent (1).",
    "cancel_b_method": "A CANCEL for a branch without reply: 0 counts it as 487, 1 waits for a reply, 2 sends it anyway (1).",
    "disable_6xx_block": "A 6xx does not cancel the other branches (0).",
    "failure_reply_mode": "Which replies count after a failure_route: 0 all, 1 none, 2 not those of the last round, 3 new ones only (3).",
    "faked_reply_prio": "Penalty of replies that tm makes up when the best one is chosen (0).",
    "remap_503_500": "A 503 goes upstream as 500 (1).",
    "failure_exec_mode": "A branch that can't be sent is given to the failure_route (0).",
    "local_cancel_reason": "CANCELs that tm makes carry a Reason (1).",
    "e2e_cancel_reason": "The caller's CANCEL hands its Reason on (1).",
    "pass_provisional_replies": "Provisional replies to requests of tm's own are passed on (0).",
    "relay_100": "100 replies are relayed where there is no transaction (1).",
    "rich_redirect": "What a 3xx says besides the URI of each contact (0).",
    "reply_relay_mode": "Which replies are relayed after a final one (0).",
    "enable_uac_fr": "Requests of tm's own run a failure_route (0).",
    "local_ack_mode": "Where the ACK to a 200 for a request of tm's own goes (0).",
}.items():
    tm.setting(_name, "int", doc=_doc)

for _name, _doc in {
    "auto_inv_100_reason": "The reason of the automatic 100.",
    "default_reason": "The reason of t_reply() when its own is not there.",
    "ac_extra_hdrs": "Headers whose names begin so are copied into CANCEL and ACK.",
    "contacts_avp": "The XAVP that t_load_contacts() fills.",
    "contact_flows_avp": "The XAVP for other flows of the same contact.",
    "xavp_contact": "The XAVP of a contact's own attributes.",
    "on_sl_reply": "The onreply_route for replies that belong to no transaction.",
    "fr_timer_avp": "An AVP that sets fr_timer (old; use t_set_fr).",
    "fr_inv_timer_avp": "An AVP that sets fr_inv_timer (old; use t_set_fr).",
}.items():
    tm.setting(_name, "str", doc=_doc)


def _init(state: Tm, scope: Any) -> None:
    services = state.services = scope.services
    if state.contacts_avp and not state.contact_flows_avp:
        raise InitError("contact_flows_avp param has not been defined")
    sockets = services.sockets.listen
    state.tag = tags.prefix(tags.STATEFUL, sockets[0].endpoint if sockets else None)
    state.process = services.process()
    state.timer_process = Process(state.process.rank + 2, state.process.pid + 2)
    state.expire = lambda t, buffer: _expire(state, t, buffer)
    state.has_local_request = services.has_route(Routes.EVENT, "tm:local-request")
    state.has_local_response = services.has_route(Routes.EVENT, "tm:local-response")


tm.hooks.init.append(_init)


def _expire(state: Tm, t: Transaction, buffer: Buffer) -> None:
    """The final timer of a buffer: in Kamailio another process runs what follows."""
    if buffer.kind is Kind.CANCEL:
        return
    if buffer.kind is Kind.REPLY:
        timing.put_on_wait(state, t)
        return
    worker, state.process = state.process, state.timer_process
    try:
        replying.expired(state, t, t.branches[buffer.branch])
    finally:
        state.process = worker


def _begin(state: Tm, run: Run) -> bool:
    state.process = run.process
    state.steps = max(state.steps, run.steps)
    attach(run, Context())
    return True


tm.hooks.pre_script.append(_begin)


def _end(state: Tm, run: Run) -> None:
    """The end of a request's script: an error that is still to be told, a transaction that nobody has answered."""
    here = context(run)
    t = here.transaction
    if t is None:
        return
    here.transaction = None
    if here.done == Done.FAILED:
        if replying.kill(state, t, here.error) <= 0:
            state.complain("WARNING", "generation of a delayed stateful reply failed")
            timing.release(state, t)
    elif not here.done or (run.message.method == "ACK" and not here.done & Done.RELEASED):
        state.complain("WARNING", "script writer didn't release transaction")
        timing.release(state, t)


tm.hooks.post_script.append(_end)


def _reply(state: Tm, run: Run) -> bool:
    """A reply: True when it belongs to no transaction and the core is to forward it."""
    state.process = run.process
    found = lookup.find_reply(state, run.message)
    if found is not None:
        t, index = found
        replying.received(state, t, t.branches[index], run.message)
        return False
    if state.on_sl_reply:
        return state.services.run_route(Routes.ONREPLY, state.on_sl_reply, run) > 0
    return True


tm.hooks.reply.append(_reply)
