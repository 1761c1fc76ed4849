"""Transactions are freed: nothing is left of many calls."""

import gc
import tracemalloc
from pathlib import Path

from sroute.modules.tm.binding import Tm
from tests.unit.modules.tm.calls import Proxy

SCRIPT = """
request_route {
    if ($rm == "ACK" || $rm == "CANCEL") {
        t_relay();
        exit;
    }
    t_check_trans();
    $avp(a) = "text " + $ci;
    $xavp(x=>a) = $ci;
    record_route();
    t_on_reply("R");
    t_on_failure("F");
    t_on_branch("B");
    if ($rU == "both") {
        append_branch("sip:carol@127.0.0.1:5082");
    }
    t_relay();
}
branch_route[B] {
    $xavp(b=>a) = $ci;
}
onreply_route[R] {
    $avp(r) = $rs;
}
failure_route[F] {
    $avp(f) = $ru;
}
"""


def _play(proxy: Proxy, number: int) -> None:
    """One call of a kind that depends on the number: answered, refused, never answered, cancelled, forked."""
    kind = number % 5
    uri = "sip:both@127.0.0.1:5081" if kind == 4 else "sip:bob@127.0.0.1:5081"
    invites = [one for one in proxy.request(uri=uri, call=f"c{number}") if one.message.startswith("INVITE")]
    if kind != 2:
        proxy.reply(invites[0], "180 Ringing")
    if kind == 3:
        proxy.request("CANCEL", uri=uri, call=f"c{number}")
    for at, invite in enumerate(invites if kind != 2 else []):
        proxy.reply(invite, "200 OK" if kind == 0 or (kind == 4 and at) else "486 Busy")
    proxy.advance(0.05)
    proxy.sent.clear()


def test_nothing_is_left(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, SCRIPT)
    for number in range(300):
        _play(proxy, number)
    proxy.advance(400)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(2000):
            _play(proxy, number)
        proxy.advance(400)
        proxy.sent.clear()
        gc.collect()
        growth = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    state = proxy.instance.state("tm")
    assert isinstance(state, Tm)
    assert not state.table
    assert state.counters.created == state.counters.freed
    assert proxy.instance.timers.due() is None
    labels = 200 * len(state.labels)
    assert growth < 100_000 + labels, f"{growth} bytes for 2000 calls, {len(state.labels)} slots used"
