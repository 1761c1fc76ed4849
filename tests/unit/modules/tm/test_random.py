"""Calls in which anything may happen at any time: tm keeps its promises."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from sroute.instance.events import Send
from sroute.modules.tm.binding import Tm
from tests.unit.modules.tm.calls import ALICE, Proxy, first_line

SCRIPT = """
modparam("tm", "fr_timer", 5000)
modparam("tm", "fr_inv_timer", 10000)
request_route {
    if ($rm == "ACK" || $rm == "CANCEL") {
        t_check_trans();
        t_relay();
        exit;
    }
    t_check_trans();
    t_on_reply("R");
    t_on_failure("F");
    $ru = "sip:bob@127.0.0.1:5081";
    append_branch("sip:carol@127.0.0.1:5082");
    t_relay();
}
onreply_route[R] {
    $avp(seen) = $rs;
}
failure_route[F] {
    if (t_is_canceled()) {
        exit;
    }
    if ($avp(again) != "yes") {
        $avp(again) = "yes";
        $ru = "sip:dave@127.0.0.1:5083";
        t_on_failure("F");
        t_relay();
    }
}
"""
CODES = (
    "100 Trying",
    "180 Ringing",
    "183 Progress",
    "200 OK",
    "302 Moved",
    "404 Not Found",
    "408 Timeout",
    "486 Busy",
    "503 No",
    "603 Never",
)
STEP = st.one_of(
    st.tuples(st.just("reply"), st.integers(0, 5), st.sampled_from(CODES)),
    st.tuples(st.sampled_from(["cancel", "ack", "again"]), st.just(0), st.just("")),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 6, 20]), st.just("")),
)


def _requests(sent: list[Send]) -> list[Send]:
    """The INVITEs, one of each branch."""
    return list({one.message: one for one in sent if one.message.startswith("INVITE")}.values())


def _state(proxy: Proxy) -> Tm:
    state = proxy.instance.state("tm")
    assert isinstance(state, Tm)
    return state


def _known(proxy: Proxy, invite: Send) -> bool:
    """Whether the transaction of an INVITE that left is still there."""
    return any(b.request.text == invite.message for slot in _state(proxy).table.values() for t in slot for b in t.branches)


def _step(proxy: Proxy, step: tuple[str, int, str]) -> None:
    kind, number, status = step
    invites = _requests(proxy.sent)
    if kind == "reply" and number < len(invites) and _known(proxy, invites[number]):
        before = len(proxy.sent)
        proxy.reply(invites[number], status)
        if status[0] in "3456":
            assert any(one.message.startswith("ACK") and one.dst == invites[number].dst for one in proxy.sent[before:])
    elif kind == "cancel":
        assert [first_line(one) for one in proxy.request("CANCEL") if "CSeq: 1 CANCEL" in one.message and one.dst == ALICE] != []
    elif kind == "ack":
        proxy.request("ACK")
    elif kind == "again":
        proxy.request()
    elif kind == "wait":
        proxy.advance(number)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=14))
def test_promises(steps: list[tuple[str, int, str]]) -> None:
    with TemporaryDirectory() as folder:
        proxy = Proxy(Path(folder), SCRIPT)
    proxy.request()
    for step in steps:
        if step[0] != "cancel" or _state(proxy).table:
            _step(proxy, step)
    proxy.advance(300)
    finals = {one.message for one in proxy.sent if one.dst == ALICE and "CSeq: 1 INVITE" in one.message and first_line(one)[8] in "3456"}
    again = sum(step[0] == "again" for step in steps)
    assert len(finals) <= 1 + again, "one negative answer to each INVITE"
    assert not _state(proxy).table, "every transaction ends"
    assert proxy.instance.timers.due() is None
    assert not [text for text in proxy.said if "BUG" in text or "lowest==-1" in text]
