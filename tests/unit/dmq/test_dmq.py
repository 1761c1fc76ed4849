import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sroute.dialect import DEFAULT, DIALECTS, Dialect
from sroute.errors import ScriptError
from sroute.instance.api import Options, load, start
from sroute.instance.events import Diag
from sroute.instance.instance import Instance
from sroute.runtime.clock import VirtualClock
from sroute.runtime.values import Value
from sroute.scenario.cluster import Cluster, Make
from sroute.scenario.network import Conditions
from sroute.sip.endpoint import Endpoint

SCRIPT = """
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "dmq.so"
loadmodule "htable.so"
modparam("dmq", "server_address", "sip:127.0.0.1:PORT")
NOTIFY
modparam("htable", "enable_dmq", 1)
modparam("htable", "dmq_init_sync", 1)
modparam("htable", "htable", "r=>size=4;autoexpire=3600;dmqreplicate=1")
modparam("htable", "htable", "p=>size=4;dmqreplicate=1")
modparam("htable", "htable", "local=>size=4")
request_route { if ($rm == "KDMQ") { dmq_handle_message(); } exit; }
"""
PORTS = {"a": 5061, "b": 5062, "c": 5063}
PEER = Endpoint("udp", "127.0.0.1", 5070)
HERE = Endpoint("udp", "127.0.0.1", 5061)


def maker(port: int, *others: int, workers: int = 2, dialect: Dialect = DEFAULT, seed: int = 0, interval: int = 60) -> Make:
    notify = "\n".join(f'modparam("dmq", "notification_address", "sip:127.0.0.1:{other}")' for other in others)
    notify += f'\nmodparam("dmq", "num_workers", {workers})\nmodparam("dmq", "ping_interval", {interval})'
    program = load(Path("k.cfg"), SCRIPT.replace("PORT", str(port)).replace("NOTIFY", notify), dialect=dialect)
    return lambda clock: start(program, Options(listen=Endpoint("udp", "127.0.0.1", port), seed=port + seed), clock=clock)


def cluster(conditions: Conditions | None = None, seed: int = 1) -> Cluster:
    return Cluster({"a": maker(5061), "b": maker(5062, 5061), "c": maker(5063, 5061)}, seed=seed, conditions=conditions)


def table(instance: Instance, name: str = "r") -> dict[str, Value]:
    return instance.tables()[name]


def test_nodes_find_each_other_by_one_address() -> None:
    made = cluster()
    made.advance(2)
    for name in PORTS:
        known = {node["port"]: node["status"] for node in made[name].rpc("dmq.list_nodes", [])}
        assert known == {"5061": "active", "5062": "active", "5063": "active"}


def bodies(instance: Instance) -> list[str]:
    return [sent.message.partition("\r\n\r\n")[2] for sent in instance.sent if sent.message.startswith("KDMQ sip:htable@")]


def test_what_is_sent_is_what_5_6_3_sends() -> None:
    made = Cluster({"a": maker(5061), "b": maker(5062, 5061)})
    made.advance(2)
    a = made["a"]
    before = len(bodies(a))
    a.assign("$sht(r=>str)", 'va"l\\u:\xc3\xa9')
    a.assign("$sht(r=>int)", -5)
    a.assign("$sht(r=>x)", None)
    a.assign("$shtex(r=>str)", 50)
    a.rpc("htable.setxs", ["r", "sx", "sval", 30])
    assert bodies(a)[before:] == [
        '{"action":2,"htname":"r","cname":"str","type":2,"strval":"va\\"l\\\\u:\xc3\xa9","mode":1}',
        '{"action":2,"htname":"r","cname":"int","type":0,"intval":-5,"mode":1}',
        '{"action":4,"htname":"r","cname":"x","mode":0}',
        '{"action":3,"htname":"r","cname":"str","type":0,"intval":50,"mode":0}',
        '{"action":2,"htname":"r","cname":"sx","type":2,"strval":"sval","mode":1}',
        '{"action":3,"htname":"r","cname":"sx","type":0,"intval":30,"mode":0}',
    ]
    head = a.sent[-1].message.partition("\r\n\r\n")[0].split("\r\n")
    assert head[0] == "KDMQ sip:htable@127.0.0.1:5062 SIP/2.0"
    assert [line.partition(":")[0] for line in head[1:]] == [
        "Via", "To", "From", "CSeq", "Call-ID", "Content-Length", "User-Agent", "Max-Forwards", "Content-Type"
    ]  # fmt: skip
    assert "Max-Forwards: 1" in head
    assert "CSeq: 10 KDMQ" in head


def test_changes_reach_all_nodes_and_are_not_sent_on() -> None:
    made = cluster()
    made.advance(2)
    made["a"].assign("$sht(r=>k)", "v")
    made["b"].assign("$sht(p=>n)", 7)
    made["c"].assign("$sht(local=>n)", 7)
    made.advance(2)
    assert [table(made[name]) for name in PORTS] == [{"k": "v"}] * 3
    assert [table(made[name], "p") for name in PORTS] == [{"n": 7}] * 3
    assert made.differences() == {"local": {"n": {"a": None, "b": None, "c": 7}}}


def test_a_node_that_starts_later_asks_for_the_content() -> None:
    made = cluster()
    made.advance(2)
    made["a"].assign("$sht(r=>k)", "v")
    made["a"].assign("$sht(p=>n)", 7)
    made.advance(2)
    made.stop("b")
    made.start("b")
    assert table(made["b"]) == {}
    made.advance(3)
    assert table(made["b"]) == {"k": "v"}
    assert table(made["b"], "p") == {"n": 7}
    assert int(str(made["b"].value("$shtex(r=>k)"))) > 3500


def test_a_partition_leaves_differences_that_are_shown() -> None:
    made = cluster()
    made.advance(2)
    made.partition([["a"], ["b", "c"]])
    made["b"].assign("$sht(r=>k)", "v")
    made.advance(40)  # longer than a request is sent again
    assert made.differences() == {"r": {"k": {"a": None, "b": "v", "c": "v"}}}
    made.partition([])
    made["a"].assign("$sht(r=>after)", 1)
    made.advance(20)
    assert list(made.differences()["r"]) == ["k"]


def test_a_silent_node_is_disabled_and_then_forgotten() -> None:
    made = cluster()
    made.advance(2)
    made.stop("c")

    def status() -> dict[str, str]:
        return {node["port"]: node["status"] for node in made["a"].rpc("dmq.list_nodes", [])}

    made.advance(100)
    assert status()["5063"] == "disabled"
    made.advance(80)
    assert "5063" not in status()
    assert status()["5062"] == "active"


@pytest.mark.parametrize(("interval", "pings"), [(1, 10), (60, 10), (90, 6), (600, 1)])
def test_pings(interval: int, pings: int) -> None:
    """Never more often than once a minute."""
    made = Cluster({"a": maker(5061, interval=interval), "b": maker(5062, 5061)})
    made.advance(30)
    before = len(notifications(made["a"]))
    made.advance(601 - 30)
    assert len(notifications(made["a"])) - before == pings


def notifications(instance: Instance) -> list[str]:
    return [sent.message for sent in instance.sent if sent.message.startswith("KDMQ sip:notification_peer@")]


def test_a_node_that_is_configured_is_never_forgotten() -> None:
    made = Cluster({"a": maker(5061), "b": maker(5062, 5061)})
    made.advance(2)
    made.stop("a")
    made.advance(400)
    known = {node["port"]: node["status"] for node in made["b"].rpc("dmq.list_nodes", [])}
    assert known == {"5061": "pending", "5062": "active"}
    made["b"].assign("$sht(p=>k)", 1)
    assert not any("htable@127.0.0.1:5061" in sent.message for sent in made["b"].sent if '"k"' in sent.message)
    made.start("a")
    made.advance(100)
    assert {node["status"] for node in made["b"].rpc("dmq.list_nodes", [])} == {"active"}


@pytest.mark.parametrize(("dialect", "status"), [(DEFAULT, "disabled"), (DIALECTS["dev"], "active")], ids=["5.6", "newer"])
def test_a_disabled_node_that_announces_itself(dialect: Dialect, status: str) -> None:
    """In 5.6.3 that is not enough; it has to answer a ping."""
    instance = maker(5061, dialect=dialect)(VirtualClock())
    for told in ("active", "disabled", "active"):
        instance.receive(kdmq(f"sip:127.0.0.1:5070;status={told}\r\n", "notification_peer"), PEER)
    assert {node["port"]: node["status"] for node in instance.rpc("dmq.list_nodes", [])}["5070"] == status


def test_how_often_a_node_has_failed_is_shown_in_newer_versions() -> None:
    made = Cluster({"a": maker(5061, dialect=DIALECTS["dev"]), "b": maker(5062, 5061, dialect=DIALECTS["dev"])})
    made.advance(2)
    made.stop("a")
    made.advance(160)
    assert {node["port"]: node["fail_count"] for node in made["b"].rpc("dmq.list_nodes", [])} == {"5061": 2, "5062": 0}


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_retransmissions_make_up_for_loss(seed: int) -> None:
    made = cluster(Conditions(delay=(0.001, 0.3), loss=0.2, duplicate=0.1), seed)
    made.advance(60)
    for number in range(10):
        made["abc"[number % 3]].assign(f"$sht(p=>k{number})", number)
    made.advance(60)
    assert made.differences() == {}
    assert len(table(made["a"], "p")) == 10


def overtaken(seed: int, workers: int) -> bool:
    """Whether a node that gets a set and at once a delete ends up with the item."""
    made = Cluster(
        {"a": maker(5061), "b": maker(5062, 5061, workers=workers, seed=seed)}, seed=seed, conditions=Conditions(work=(0.0, 0.05))
    )
    made.advance(2)
    made["a"].assign("$sht(p=>k)", 1)
    made["a"].assign("$sht(p=>k)", None)
    made.advance(2)
    assert table(made["a"], "p") == {}
    return table(made["b"], "p") == {"k": 1}


def test_workers_of_one_node_overtake_each_other() -> None:
    found = [overtaken(seed, 2) for seed in range(12)]
    assert True in found
    assert False in found
    assert found == [overtaken(seed, 2) for seed in range(12)]


def test_one_worker_keeps_the_order() -> None:
    assert not any(overtaken(seed, 1) for seed in range(12))


def test_what_is_overtaken_is_left_out_in_newer_versions() -> None:
    results = set()
    for seed in range(12):
        made = Cluster(
            {"a": maker(5061, dialect=DIALECTS["dev"]), "b": maker(5062, 5061, workers=4, dialect=DIALECTS["dev"], seed=seed)},
            seed=seed,
            conditions=Conditions(work=(0.0, 0.05)),
        )
        made.advance(2)
        for value in range(4):
            made["a"].assign("$sht(p=>k)", value)
        made.advance(2)
        results.add(table(made["b"], "p")["k"])
    assert results == {3}


def test_a_seed_gives_the_same_run() -> None:
    def run(seed: int) -> list[str]:
        made = cluster(Conditions(delay=(0.001, 0.3), loss=0.3), seed)
        made.advance(30)
        return [sent.message for sent in made["a"].sent]

    assert run(3) == run(3)
    assert run(3) != run(4)


def kdmq(body: str, user: str = "htable") -> str:
    lines = [
        f"KDMQ sip:{user}@127.0.0.1:5061 SIP/2.0",
        "Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1",
        f"From: <sip:{user}@127.0.0.1:5070>;tag=1",
        f"To: <sip:{user}@127.0.0.1:5061>",
        "Call-ID: one",
        "CSeq: 10 KDMQ",
        "Max-Forwards: 1",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def alone() -> Instance:
    return maker(5061)(VirtualClock())


RECORDED = [
    ('{"action":2,"htname":"p","cname":"k1","type":2,"strval":"v1","mode":1}', "200 OK", {"k1": "v1"}),
    ('{"action":2,"htname":"p","cname":"k4","type":0,"intval":44}', "200 OK", {"k4": 44}),
    ('{"mode":1,"intval":43,"type":0,"cname":"k3","htname":"p","action":2}', "200 OK", {"k3": 43}),
    ('{"action":2,"htname":"p","cname":"k5","type":0,"intval":45,"mode":1,"foo":1}', "400 Bad Request", {}),
    ('{"action":2,"htname":"p","cname":"k6","type":0,"intval":46,"last_modified":1795290345352,"mode":1}', "400 Bad Request", {}),
    ('{"action":2,"htname":"p","cname":"k7","type":0,"mode":1}', "200 OK", {"k7": 0}),
    ('{"action":4,"htname":"p","cname":"nokey","mode":0}', "200 OK", {}),
    ('{"action":5,"htname":"p","type":2,"strval":"(","mode":0}', "500 Server Internal Error", {}),
    ('{"action":99,"htname":"p","mode":0}', "500 Server Internal Error", {}),
    ('{"action":2,"htname":"zz","cname":"k","type":0,"intval":1,"mode":1}', "500 Server Internal Error", {}),
    ('{"action":2,"htname":"p","cname":"big","type":0,"intval":5000000000,"mode":1}', "200 OK", {"big": -2147483648}),
    ('{"action":2,', "400 Bad Request", {}),
    ("", "400 Bad Request", {}),
    ("{}", "400 Bad Request", {}),
]


@pytest.mark.parametrize(("body", "reply", "items"), RECORDED)
def test_a_message_is_answered_as_5_6_3_does(body: str, reply: str, items: dict[str, Value]) -> None:
    instance = alone()
    instance.receive(kdmq(body), PEER)
    assert instance.sent[-1].message.startswith(f"SIP/2.0 {reply}\r\n")
    assert table(instance, "p") == items


def test_a_table_without_replication_takes_what_comes() -> None:
    instance = alone()
    instance.receive(kdmq('{"action":2,"htname":"local","cname":"k","type":0,"intval":1,"mode":1}'), PEER)
    assert table(instance, "local") == {"k": 1}


def test_an_unknown_channel_is_not_found() -> None:
    instance = alone()
    instance.receive(kdmq("x", "nobody"), PEER)
    assert instance.sent[-1].message.startswith("SIP/2.0 404 User Not Found\r\n")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["r", "p", "k", "("]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(["action", "htname", "cname", "type", "strval", "intval", "mode", "cells", "expire", "last_modified"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(st.text(alphabet=st.characters(max_codepoint=255)), st.dictionaries(FIELDS, JSON | st.integers(0, 9)).map(repr), st.none()),
    st.data(),
)
def test_no_body_ends_a_node(body: str | None, data: st.DataObject) -> None:
    instance = alone()
    fields = data.draw(st.dictionaries(FIELDS, JSON | st.integers(0, 9)))
    text = json.dumps(fields) if body is None else body
    for user in ("htable", "notification_peer"):
        instance.receive(kdmq(text, user).encode("utf-8", "surrogatepass"), PEER)
    instance.receive(kdmq('{"action":4,"htname":"p","cname":"k","mode":0}'), PEER)
    assert instance.sent[-1].message.startswith("SIP/2.0 200 OK\r\n")


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]), st.just({}), st.just([{}]))
ITEM = st.fixed_dictionaries(
    {},
    optional={
        "htname": st.sampled_from(["p", "r", "local", "none", ""]) | VALUES,
        "cname": st.sampled_from(["k", ""]) | VALUES,
        "type": st.sampled_from([0, 2]) | VALUES,
        "strval": st.text() | VALUES,
        "intval": VALUES,
        "mode": st.sampled_from([0, 1]) | VALUES,
        "expire": VALUES,
        "last_modified": VALUES,
        "other": VALUES,
    },
)
TOLD = st.one_of(
    st.tuples(ITEM, st.integers(-1, 9) | VALUES).map(lambda pair: {**pair[0], "action": pair[1]}),
    st.lists(ITEM | VALUES, max_size=3).map(lambda cells: {"cells": cells}),
    VALUES,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TOLD, st.floats(0, 1), st.sampled_from(["", "x", "}", "\x00"]), st.sampled_from([DEFAULT, DIALECTS["dev"]]))
def test_nothing_that_is_nearly_right_ends_a_node(told: object, part: float, behind: str, dialect: Dialect) -> None:
    instance = maker(5061, dialect=dialect)(VirtualClock())
    text = json.dumps(told)
    cut = text if part > 0.3 else text[: int(len(text) * part / 0.3)]
    instance.receive(kdmq(cut + behind), PEER)
    assert re.match(r"SIP/2.0 (200 OK|400 Bad Request|500 Server Internal Error)\r\n", instance.sent[-1].message)
    values = [value for table in instance.tables().values() for value in table.values()]
    assert all(isinstance(value, str | int) and not isinstance(value, bool) for value in values)
    instance.receive(kdmq('{"action":2,"htname":"local","cname":"k","type":0,"intval":1,"mode":1}'), PEER)
    assert table(instance, "local")["k"] == 1


def test_deep_json_is_refused() -> None:
    instance = alone()
    instance.receive(kdmq("[" * 50_000), PEER)
    assert instance.sent[-1].message.startswith("SIP/2.0 400 Bad Request\r\n")


def test_htable_before_dmq_is_refused() -> None:
    text = (
        SCRIPT.replace("PORT", "5061")
        .replace("NOTIFY", "")
        .replace('loadmodule "dmq.so"\nloadmodule "htable.so"', 'loadmodule "htable.so"\nloadmodule "dmq.so"')
    )
    with pytest.raises(ScriptError, match=r"."):
        start(load(Path("k.cfg"), text))


def test_a_bad_line_in_a_list_of_nodes_is_left_out_with_a_note() -> None:
    instance = alone()
    instance.receive(kdmq("garbage\r\nsip:127.0.0.1:5064;status=active\r\n", "notification_peer"), PEER)
    assert instance.sent[-1].message.startswith("SIP/2.0 200 OK\r\n")
    assert [node["port"] for node in instance.rpc("dmq.list_nodes", [])] == ["5064", "5061"]
    assert [event for event in instance.events if isinstance(event, Diag) and event.note and "hangs here" in event.text]
