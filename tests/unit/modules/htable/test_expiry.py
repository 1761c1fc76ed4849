"""Expiry over long times, by several timer processes, and who skips what has expired."""

import json
import time
from pathlib import Path

import pytest

from sroute.instance.api import load, start
from sroute.instance.instance import Instance
from sroute.sip.endpoint import Endpoint
from tests.unit.modules.htable.test_facts import MESSAGE

SCRIPT = """loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "timer_interval", INTERVAL)
modparam("htable", "timer_procs", PROCS)
modparam("htable", "htable", "a=>size=4;autoexpire=86400")
modparam("htable", "htable", "b=>size=4;autoexpire=86400;updateexpire=0")
request_route { exit; }
event_route[htable:expired:a] { xlog("$shtrecord(key)\\n"); }
"""


def started(interval: int = 20, procs: int = 0) -> Instance:
    return start(load(Path("k.cfg"), SCRIPT.replace("INTERVAL", str(interval)).replace("PROCS", str(procs))))


@pytest.mark.parametrize("interval", [1, 20])
@pytest.mark.parametrize("procs", [0, 4])
def test_a_day_takes_no_time(interval: int, procs: int) -> None:
    instance = started(interval, procs)
    for number in range(100):
        instance.assign(f"$sht(a=>k{number})", number)
    begin = time.process_time()
    instance.advance(86400)
    assert instance.value("$sht(a=>k7)") == 7
    assert instance.logs == []
    instance.advance(interval + 1)
    assert time.process_time() - begin < 10
    assert len(instance.logs) == 100
    assert instance.tables()["a"] == {}


@pytest.mark.parametrize("procs", [0, 1, 2, 3, 16, 40])
def test_each_timer_process_has_slots_of_its_own(procs: int) -> None:
    instance = started(procs=procs)
    for number in range(60):
        instance.assign(f"$sht(a=>k{number})", number)
    slots = {item["name"]: slot["entry"] for slot in instance.rpc("htable.dump", ["a"]) for item in slot["slot"]}
    instance.advance(90000)
    found = [slots[key] for key in instance.logs]
    count = max(procs, 1)
    assert found == sorted(found, key=lambda slot: (slot % count, slot))
    assert len(instance.logs) == 60


def test_what_has_expired_and_is_not_collected(tmp_path: Path) -> None:
    """Section by section what sees it; the same was recorded with waits (the facts expired-visible and inc-expired)."""
    instance = started(interval=100_000)
    for table in ("a", "b"):
        instance.assign(f"$sht({table}=>k)", 1)
    instance.advance(86402)
    reads = ("$sht(a=>k)", "$shtex(a=>k)", "$shtcn(a=>^k)", "$shtcn(a=>**)", "$shtcv(a=>eq1)", "$shtinc(a=>k)")
    assert [instance.value(name) for name in reads] == [None, 4294967294, 1, 1, 1, None]
    assert [item["name"] for slot in instance.rpc("htable.dump", ["a"]) for item in slot["slot"]] == ["k"]
    assert instance.rpc("htable.stats", [])[1]["all"] == 1
    assert instance.rpc_line("htable.get a k").text == "error: 500 - Key name doesn't exist in htable.\n"
    instance.assign("$sht(a=>k)", 2)
    instance.assign("$sht(b=>k)", 2)
    assert (instance.value("$sht(a=>k)"), instance.value("$sht(b=>k)")) == (2, None), "with updateexpire=0 the write is lost"


NODE = """loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "dmq.so"
loadmodule "pv.so"
loadmodule "htable.so"
modparam("dmq", "server_address", "sip:127.0.0.1:5060")
modparam("htable", "enable_dmq", 1)
modparam("htable", "timer_interval", 10000)
modparam("htable", "htable", "a=>size=4;autoexpire=10;dmqreplicate=1")
modparam("htable", "htable", "b=>size=4;dmqreplicate=1")
request_route { if ($rm == "KDMQ") { dmq_handle_message(); } exit; }
"""


def kdmq(channel: str, body: str) -> str:
    head = (
        MESSAGE.replace("OPTIONS", "KDMQ").replace("sip:alice@example.com SIP", f"sip:{channel}@127.0.0.1 SIP").split("Content-Length")[0]
    )
    head = head.replace("sip:bob@example.com", f"sip:{channel}@127.0.0.5:5070")
    return f"{head}Content-Length: {len(body)}\n\n{body}".replace("\n", "\r\n")


def test_expired_and_never_expiring_items_are_left_out_of_a_sync() -> None:
    instance = start(load(Path("k.cfg"), NODE))
    peer = Endpoint("udp", "127.0.0.5", 5070)
    instance.receive(kdmq("notification_peer", "sip:127.0.0.5:5070;status=active\n"), peer)
    for key in ("gone", "never"):
        instance.assign(f"$sht(a=>{key})", 1)
    instance.assign("$shtex(a=>never)", 0)
    instance.advance(11)
    instance.assign("$sht(a=>alive)", 1)
    instance.assign("$sht(b=>plain)", 1)
    instance.receive(kdmq("htable", '{"action":1}'), peer)
    (cells,) = [sent.message.partition("\r\n\r\n")[2] for sent in instance.sent if '"cells"' in sent.message]
    assert [cell["cname"] for cell in json.loads(cells)["cells"]] == ["plain", "alive"]
