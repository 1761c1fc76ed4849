"""When messages are sent again, when branches are given up, and when transactions end."""

from sroute.modules.tm.binding import Tm, to_ticks
from sroute.modules.tm.transaction import Buffer, Kind, Transaction

_AT_ONCE = 1


def send(tm: Tm, buffer: Buffer) -> None:
    """Sends what a buffer holds."""
    assert buffer.source is not None
    assert buffer.destination is not None
    tm.services.send(buffer.text, buffer.source, buffer.destination)


def start(tm: Tm, t: Transaction, buffer: Buffer, *, reliable: bool | None = None) -> None:
    """Starts the timers of a buffer: the final one, and over UDP the retransmissions."""
    if buffer.ended:
        return
    now = tm.ticks()
    buffer.final_at = now + to_ticks(t.fr)
    if buffer.kind is Kind.REQUEST:
        buffer.final_at = max(min(buffer.final_at, t.lifetime), now + _AT_ONCE)
    if reliable is None:
        reliable = buffer.destination is None or buffer.destination.proto != "udp"
    buffer.once = reliable
    buffer.interval = 2 * t.t1
    buffer.again_at = now + to_ticks(t.t1)
    _sleep(tm, t, buffer, buffer.final_at if reliable else min(buffer.final_at, buffer.again_at))


def _sleep(tm: Tm, t: Transaction, buffer: Buffer, tick: int) -> None:
    buffer.timer = tm.services.timers.after(tm.until(tick), lambda: _wake(tm, t, buffer))


def _wake(tm: Tm, t: Transaction, buffer: Buffer) -> None:
    buffer.timer = None
    now = tm.ticks()
    if buffer.final_at <= now:
        buffer.timed_out = True
        tm.expire(t, buffer)
        return
    if buffer.again_at > now:
        _sleep(tm, t, buffer, min(buffer.final_at, buffer.again_at))
    elif buffer.once:
        _sleep(tm, t, buffer, buffer.final_at)
    else:
        _again(tm, t, buffer, now)
        if not buffer.ended:
            _sleep(tm, t, buffer, min(buffer.final_at, buffer.again_at))


def _again(tm: Tm, t: Transaction, buffer: Buffer, now: int) -> None:
    if buffer.slow or buffer.interval > t.t2:
        step = buffer.interval = t.t2
    else:
        step = buffer.interval
        buffer.interval *= 2
    buffer.again_at = now + to_ticks(step)
    send(tm, buffer)


def restart_final(tm: Tm, t: Transaction, buffer: Buffer, milliseconds: int) -> None:
    """Moves the final time of a running branch: never beyond the transaction's life."""
    due = tm.ticks() + to_ticks(milliseconds)
    buffer.final_at = min(due, t.lifetime) if buffer.kind is Kind.REQUEST else due


def slow_down(tm: Tm, t: Transaction, buffer: Buffer) -> None:
    """From now on at T2 only: a non-INVITE that was answered provisionally."""
    buffer.slow = True
    buffer.again_at = tm.ticks() + to_ticks(t.t2)


def change_final(tm: Tm, t: Transaction, fr_inv: int, fr: int) -> None:
    """t_set_fr() for a transaction that exists: its branches too."""
    if fr_inv:
        t.fr_inv = fr_inv
    if fr:
        t.fr = fr
    for branch in t.branches:
        buffer = branch.request
        if buffer.active:
            if buffer.fr_inv and fr_inv:
                buffer.final_at = tm.ticks() + to_ticks(fr_inv)
            elif fr:
                restart_final(tm, t, buffer, fr)


def change_interval(t: Transaction, t1: int, t2: int) -> None:
    """t_set_retr() for a transaction that exists."""
    t.t1 = t1 or t.t1
    t.t2 = t2 or t.t2
    for branch in t.branches:
        if branch.request.active:
            if branch.request.slow and t2:
                branch.request.interval = t2
            elif t1:
                branch.request.interval = t1


def change_lifetime(tm: Tm, t: Transaction, milliseconds: int) -> None:
    """t_set_max_lifetime() for a transaction that exists."""
    t.lifetime = tm.ticks() + to_ticks(milliseconds)
    for branch in t.branches:
        if branch.request.active:
            branch.request.final_at = min(branch.request.final_at, t.lifetime)


def put_on_wait(tm: Tm, t: Transaction) -> None:
    """The transaction is done; it stays for a while to absorb late messages."""
    if t.wait is None and not t.gone:
        tm.counters.waiting += 1
        t.wait = tm.services.timers.after(tm.until(tm.ticks() + to_ticks(tm.wt_timer)), lambda: _remove(tm, t))


def _remove(tm: Tm, t: Transaction) -> None:
    """The end of a transaction."""
    t.gone = True
    tm.counters.waiting -= 1
    tm.counters.freed += 1
    slot = tm.table[t.hash_index]
    slot.remove(t)
    if not slot:
        del tm.table[t.hash_index]
    t.response.stop()
    for branch in t.branches:
        branch.request.stop()
        branch.cancel.stop()
    for store in (t.xavps, t.xavus, t.xavis):
        store.clear()


def stop_branches(t: Transaction) -> None:
    """No more timers for the branches (a CANCEL's go on)."""
    for branch in t.branches:
        branch.request.stop()


def release(tm: Tm, t: Transaction) -> None:
    """Lets go of a transaction: no timers, wait."""
    t.response.stop()
    stop_branches(t)
    put_on_wait(tm, t)
