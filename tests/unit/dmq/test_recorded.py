"""What was observed of DMQ in 5.6.3 and in the development branch after 6.1: bodies that are sent, answers to those that come."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sroute.dialect import DEFAULT, DIALECTS, Dialect
from sroute.instance.api import Options, load, start
from sroute.instance.instance import Instance
from sroute.sip.endpoint import Endpoint

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "htable" / "dmq.json").read_text(encoding="utf-8"))
VERSIONS: list[tuple[Dialect, str]] = [(DEFAULT, ""), (DIALECTS["dev"], "_newer")]
SCRIPT = """
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "dmq.so"
loadmodule "htable.so"
modparam("dmq", "server_address", "sip:127.0.0.1:5060")
modparam("htable", "enable_dmq", 1)
modparam("htable", "htable", "r=>size=4;autoexpire=100;dmqreplicate=1")
modparam("htable", "htable", "p=>size=4;dmqreplicate=1")
modparam("htable", "htable", "local=>size=4")
request_route { if ($rm == "KDMQ") { dmq_handle_message(); } BODY exit; }
"""
PEER = Endpoint("udp", "127.0.0.5", 5070)


def message(body: str, channel: str = "", method: str = "KDMQ") -> bytes:
    data = body.encode()
    lines = [
        f"{method} sip:{channel}@127.0.0.1:5060 SIP/2.0",
        "Via: SIP/2.0/UDP 127.0.0.5:5070;branch=z9hG4bK1",
        f"From: <sip:{channel}@127.0.0.5:5070>;tag=1",
        f"To: <sip:{channel}@127.0.0.1:5060>",
        "Call-ID: one",
        "CSeq: 10 KDMQ",
        "Max-Forwards: 1",
        f"Content-Length: {len(data)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def started(dialect: Dialect, body: str = "") -> Instance:
    instance = start(load(Path("k.cfg"), SCRIPT.replace("BODY", body).encode().decode("latin-1"), dialect=dialect), Options())
    instance.receive(message("sip:127.0.0.5:5070;status=active\r\n", "notification_peer"), PEER)
    return instance


def bodies(instance: Instance) -> list[str]:
    """What left on the channel htable, in the order in which it left."""
    found = [sent.message.partition("\r\n\r\n")[2] for sent in instance.sent if sent.message.startswith("KDMQ sip:htable@")]
    return [timeless(body.encode("latin-1").decode()) for body in found]


def timeless(body: str) -> str:
    return re.sub(r'"(last_modified|expire)":[1-9]\d+', r'"\1":WHEN', body)


# What is done for each recorded cause: a statement of the script; the recorded one is the last of the bodies, or the one before it.
DONE = {
    '$sht(r=>str)="va': '$sht(r=>str) = "va\\"l\\\\u:é";',
    "$sht(r=>int)=-5": "$sht(r=>int) = -5;",
    '$sht(r=>empty)=""': '$sht(r=>empty) = "";',
    "$sht(r=>x)=$null": "$sht(r=>x) = $null;",
    "$shtex(r=>str)=50": "$shtex(r=>str) = 50;",
    "$shtinc(r=>int)": "$sht(r=>int) = -5; $var(x) = $shtinc(r=>int);",
    'sht_rm("r","int")': 'sht_rm("r", "int");',
    "sht_rm_name_re(": 'sht_rm_name_re("r=>^zz");',
    "sht_rm_value_re(": 'sht_rm_value_re("r=>^qq");',
    'sht_rm_name("r","re"': 'sht_rm_name("r", "re", "^yy");',
    'sht_rm_name("r","sw"': 'sht_rm_name("r", "sw", "xx");',
    'sht_rm_value("r","re"': 'sht_rm_value("r", "re", "^y1");',
    'sht_rm_value("r","sw"': 'sht_rm_value("r", "sw", "s1");',
    'sht_setxs("r"': 'sht_setxs("r", "sx", "sval", "30");',
    'sht_setxi("r"': 'sht_setxi("r", "sxi", "5", "40");',
    'sht_rm_name("r","ew"': 'sht_rm_name("r", "ew", "xx");',
    'sht_rm_name("r","in"': 'sht_rm_name("r", "in", "xx");',
}
BY_SCRIPT = [row for row in RECORDED["htable_bodies"] if any(row["cause"].startswith(cause) for cause in DONE)]


@pytest.mark.parametrize(("dialect", "suffix"), VERSIONS, ids=["5.6", "newer"])
@pytest.mark.parametrize("row", BY_SCRIPT, ids=lambda row: row["cause"])
def test_what_a_script_sends(row: dict[str, Any], dialect: Dialect, suffix: str) -> None:
    expected = row.get("body" + suffix, row["body"])
    if expected is None or (suffix and "setxi" in row["cause"]):
        pytest.skip("not there in this version, or not recorded")
    statement = next(statement for cause, statement in DONE.items() if row["cause"].startswith(cause))
    instance = started(dialect, statement)
    instance.receive(message("", "alice", "OPTIONS"))
    sent = bodies(instance)
    assert sent[-2 if "first message" in row["cause"] else -1] == timeless(expected)


def test_every_recorded_body_is_tested() -> None:
    others = [row["cause"] for row in RECORDED["htable_bodies"] if row not in BY_SCRIPT]
    assert [cause.partition(" ")[0] for cause in others] == ["htable.delete", "sync", "htable.dmqsync", "answer", "answer"]


def test_a_deletion_of_what_is_not_there_is_told_too() -> None:
    instance = started(DEFAULT)
    assert instance.rpc_line("htable.delete r notthere").text == "error: 404 - Key not found in htable.\n"
    assert bodies(instance) == ['{"action":4,"htname":"r","cname":"notthere","mode":0}']


@pytest.mark.parametrize(("dialect", "suffix"), VERSIONS, ids=["5.6", "newer"])
def test_the_answer_to_a_sync_request(dialect: Dialect, suffix: str) -> None:
    full, empty = (row for row in RECORDED["htable_bodies"] if row["cause"].startswith("answer"))
    instance = started(dialect)
    instance.receive(message('{"action":1}', "htable"), PEER)
    assert bodies(instance) == [empty["body"]]
    assert instance.sent[-1].message.startswith("SIP/2.0 200 OK\r\n"), "the content leaves before the reply"
    instance.assign("$sht(p=>n)", 5)
    instance.assign("$sht(p=>s)", "x")
    instance.assign("$sht(r=>k)", "from A")
    instance.receive(message('{"action":1}', "htable"), PEER)
    assert bodies(instance)[-1] == timeless(full["body" + suffix])


@pytest.mark.parametrize(("dialect", "suffix"), VERSIONS, ids=["5.6", "newer"])
@pytest.mark.parametrize("row", RECORDED["replies"], ids=lambda row: row["case"])
def test_the_reply(row: dict[str, Any], dialect: Dialect, suffix: str) -> None:
    instance = started(dialect)
    channel = "nobody" if "not registered" in row["case"] else "htable"
    instance.receive(message(row["body"], channel), PEER)
    reply = row["reply" + suffix].replace("(process crashes)", "400 Bad Request").partition(" (")[0]
    assert instance.sent[-1].message.startswith(f"SIP/2.0 {reply}\r\n")


def test_joining() -> None:
    """B joins A: what each of the two sends, in this order (the line of its own has the address of the sender)."""
    told = [step for step in RECORDED["join_sequence"] if step["content_type"] == "text/plain"]
    a = started(DEFAULT)
    first, reply, back, _ = told
    assert first["body"] == "sip:B;status=active\r\n"
    text = message("sip:127.0.0.6:5070;status=active\r\n", "notification_peer").replace(b"127.0.0.5", b"127.0.0.6")
    a.receive(text.replace(b"Max-Forwards: 1", f"Max-Forwards: {first['max_forwards']}".encode()), Endpoint("udp", "127.0.0.6", 5070))
    listing = "sip:127.0.0.6:5070;status=active\r\nsip:127.0.0.5:5070;status=active\r\nsip:127.0.0.1:5060;status=active\r\n"
    *told_others, answer = [sent.message for sent in a.sent[1:]]
    assert answer.startswith(reply["start_line"] + "\r\n")
    assert answer.endswith("\r\n\r\n" + listing)
    assert [text.partition(" SIP/2.0")[0] for text in told_others] == [f"KDMQ sip:notification_peer@127.0.0.{n}:5070" for n in (6, 5)]
    assert all(f"Max-Forwards: {back['max_forwards']}\r\n" in text and text.endswith("\r\n\r\n" + listing) for text in told_others)
