"""Script functions of tm that set handlers, timers and switches, for the transaction or for the one that is to be made."""

from sroute.exports.fixups import INTEGER
from sroute.modules.tm import routes, timing
from sroute.modules.tm.arguments import Handler
from sroute.modules.tm.binding import Tm, context, current
from sroute.modules.tm.declaration import tm
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run


@tm.function("t_on_failure", Handler("t_on_failure", Routes.FAILURE))
def on_failure(state: Tm, run: Run, name: str) -> int:
    """Which failure_route runs when all branches have failed; `0` unsets it. It is used once: set it again in the failure_route.

    Example: t_on_failure("NEXT");
    """
    holder = current(run) or context(run)
    holder.on_failure = name
    return 1


@tm.function("t_on_reply", Handler("t_on_reply", Routes.ONREPLY))
def on_reply(state: Tm, run: Run, name: str) -> int:
    """Which onreply_route sees the replies to branches that are added from now on; `0` unsets it.

    Example: t_on_reply("NAT");
    """
    holder = current(run) or context(run)
    holder.on_reply = name
    return 1


@tm.function("t_on_branch", Handler("t_on_branch", Routes.BRANCH))
def on_branch(state: Tm, run: Run, name: str) -> int:
    """Which branch_route runs for each branch of the next relay; `0` unsets it. It is used once.

    Example: t_on_branch("OUT");
    """
    holder = current(run) or context(run)
    holder.on_branch = name
    return 1


@tm.function("t_on_branch_failure", Handler("t_on_branch_failure", Routes.EVENT, routes.BRANCH_FAILURE))
def on_branch_failure(state: Tm, run: Run, name: str) -> int:
    """Which event_route[tm:branch-failure:NAME] runs for each branch that fails; `0` unsets it.

    Example: t_on_branch_failure("flow");
    """
    holder = current(run) or context(run)
    holder.on_branch_failure = name
    return 1


@tm.function("t_set_fr", INTEGER)
def set_fr_inv(state: Tm, run: Run, fr_inv: int) -> int:
    """How long an INVITE may ring (ms), for this transaction."""
    return _set_fr(state, run, fr_inv, 0)


@tm.function("t_set_fr", INTEGER, INTEGER)
def set_fr(state: Tm, run: Run, fr_inv: int, fr: int) -> int:
    """How long an INVITE may ring and a branch may go without any reply (ms), for this transaction; 0 keeps a value.

    Example: t_set_fr("30000", "2000");
    """
    return _set_fr(state, run, fr_inv, fr)


def _set_fr(state: Tm, run: Run, fr_inv: int, fr: int) -> int:
    t = current(run)
    if t is not None:
        timing.change_final(state, t, fr_inv, fr)
    else:
        here = context(run)
        here.fr_inv, here.fr = fr_inv, fr
    return 1


@tm.function("t_reset_fr")
def reset_fr(state: Tm, run: Run) -> int:
    """Back to fr_inv_timer and fr_timer."""
    t = current(run)
    if t is not None:
        timing.change_final(state, t, state.fr_inv_timer, state.fr_timer)
    else:
        here = context(run)
        here.fr_inv = here.fr = 0
    return 1


@tm.function("t_set_retr", INTEGER, INTEGER)
def set_retr(state: Tm, run: Run, t1: int, t2: int) -> int:
    """The first and the longest retransmission interval (ms), for this transaction; 0 keeps a value."""
    t = current(run)
    if t is not None:
        timing.change_interval(t, t1, t2)
    else:
        here = context(run)
        here.t1, here.t2 = t1, t2
    return 1


@tm.function("t_reset_retr")
def reset_retr(state: Tm, run: Run) -> int:
    """Back to retr_timer1 and retr_timer2."""
    t = current(run)
    if t is not None:
        timing.change_interval(t, state.retr_timer1, state.retr_timer2)
    else:
        here = context(run)
        here.t1 = here.t2 = 0
    return 1


@tm.function("t_set_max_lifetime", INTEGER, INTEGER)
def set_max_lifetime(state: Tm, run: Run, invite: int, other: int) -> int:
    """How long the transaction may live altogether (ms), as an INVITE and as another request; 0 keeps a value."""
    t = current(run)
    if t is not None:
        timing.change_lifetime(state, t, invite if t.is_invite else other)
    else:
        here = context(run)
        here.life_inv, here.life_noninv = invite, other
    return 1


@tm.function("t_reset_max_lifetime")
def reset_max_lifetime(state: Tm, run: Run) -> int:
    """Back to max_inv_lifetime and max_noninv_lifetime."""
    t = current(run)
    if t is not None:
        timing.change_lifetime(state, t, state.max_inv_lifetime if t.is_invite else state.max_noninv_lifetime)
    else:
        here = context(run)
        here.life_inv = here.life_noninv = 0
    return 1


def _switch(run: Run, name: str, on: bool) -> int:
    t = current(run)
    if t is not None:
        setattr(t, name, on)
    else:
        context(run).switches[name] = on
    return 1


@tm.function("t_set_auto_inv_100", INTEGER)
def set_auto_inv_100(state: Tm, run: Run, on: int) -> int:
    """Whether t_relay() answers this INVITE with 100."""
    return _switch(run, "auto_100", bool(on))


@tm.function("t_set_disable_6xx", INTEGER)
def set_disable_6xx(state: Tm, run: Run, on: int) -> int:
    """Whether a 6xx is an answer like any other: it does not cancel the other branches."""
    return _switch(run, "ignore_6xx", bool(on))


@tm.function("t_set_disable_failover", INTEGER)
def set_disable_failover(state: Tm, run: Run, on: int) -> int:
    """Whether a branch tries only one address of its destination."""
    return _switch(run, "no_failover", bool(on))


@tm.function("t_disable_e2e_cancel_reason", INTEGER)
@tm.function("t_set_no_e2e_cancel_reason", INTEGER)
def set_no_e2e_cancel_reason(state: Tm, run: Run, on: int) -> int:
    """Whether the Reason of the caller's CANCEL is left out."""
    return _switch(run, "no_cancel_reason", bool(on))


@tm.function("t_set_disable_internal_reply", INTEGER)
def set_disable_internal_reply(state: Tm, run: Run, on: int) -> int:
    """Whether a relay that fails is not answered by tm."""
    return _switch(run, "no_internal_reply", bool(on))
