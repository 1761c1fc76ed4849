import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.serve.served import Served, served

needs_kamcmd = pytest.mark.skipif(shutil.which("kamcmd") is None, reason="kamcmd is not installed")

SCRIPT = """
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "jsonrpcs.so"
loadmodule "htable.so"
loadmodule "db_sqlite.so"
modparam("jsonrpcs", "dgram_socket", "dg")
modparam("jsonrpcs", "fifo_name", "ff")
modparam("htable", "db_url", "sqlite:///t.db")
modparam("htable", "htable", "students=>size=4;")
modparam("htable", "htable", "test=>size=2;")
modparam("htable", "htable", "ipban=>size=8;autoexpire=300;dbtable=ipban;dbmode=1;")
modparam("htable", "timer_interval", 1)
event_route[htable:mod-init] { $sht(students=>alice) = "ok"; $sht(students=>course[0]) = 7; }
request_route { $sht(test=>seen) = $ci; sl_send_reply("200", "Seen"); }
"""
OPTIONS = """OPTIONS sip:x@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:PORT;branch=z9hG4bK1
From: <sip:a@127.0.0.1>;tag=1
To: <sip:x@127.0.0.1>
Call-ID: one
CSeq: 1 OPTIONS
Content-Length: 0

"""


def database(folder: Path) -> None:
    with sqlite3.connect(folder / "t.db") as db:
        db.execute("create table version (table_name varchar(32), table_version int)")
        db.execute("insert into version values ('ipban', 2)")
        columns = "id integer primary key, key_name varchar(64), key_type int, value_type int, key_value varchar(128), expires int"
        db.execute(f"create table ipban ({columns})")
        db.execute("insert into ipban values (1, '10.0.0.1', 0, 1, '1', 0)")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Served]:
    database(tmp_path)
    with served(tmp_path, SCRIPT, "--virtual-clock", "--write", "--fifo-reply-dir", str(tmp_path)) as found:
        yield found


def rows(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "t.db") as db:
        return {row[0] for row in db.execute("select key_name from ipban")}


def request(method: str, *params: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).encode()


def ask(live: Served, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.bind(f"{live.folder}/me{time.monotonic_ns()}")
        client.settimeout(5)
        client.sendto(data, f"{live.folder}/dg")
        return client.recv(65535)


@needs_kamcmd
def test_every_rpc_example_of_the_htable_document(live: Served) -> None:
    kamcmd = live.kamcmd
    assert kamcmd("htable.get", "students", "alice") == (
        "{\n\titem: {\n\t\tname: alice\n\t\tvalue: ok\n\t\tflags: 2\n\t\texpire: NEVER\n\t}\n}\n"
    )
    assert "\t\tvalue: 7\n\t\tflags: 0\n" in kamcmd("htable.get", "students", "course[0]")
    assert kamcmd("htable.delete", "students", "alice") == "Ok. Key deleted.\n"
    assert kamcmd("htable.delete", "students", "course[0]") == "Ok. Key deleted.\n"
    assert kamcmd("htable.get", "students", "alice") == "error: 500 - Key name doesn't exist in htable.\n"
    assert kamcmd("htable.sets", "test", "x", "abc") == "Ok. Key set to new value.\n"
    assert kamcmd("htable.sets", "test", "x[0]", "abc") == "Ok. Key set to new value.\n"
    assert kamcmd("htable.seti", "test", "x", "123") == "Ok. Key set to new value.\n"
    assert kamcmd("htable.sets", "test", "x[0]", "123") == "Ok. Key set to new value.\n"
    assert "\t\t\tname: x[0]\n\t\t\tvalue: 123\n\t\t\ttype: str\n" in kamcmd("htable.dump", "test")
    assert "\t\t\tname: 10.0.0.1\n\t\t\tvalue: 1\n\t\t\ttype: int\n" in kamcmd("htable.dump", "ipban")
    assert kamcmd("htable.sets", "ipban", "10.0.0.2", "x") == "Ok. Key set to new value.\n"
    assert kamcmd("htable.reload", "ipban") == "Ok. Htable reloaded.\n"
    assert "10.0.0.2" not in kamcmd("htable.dump", "ipban")
    assert kamcmd("htable.dump", "students") == ""
    assert kamcmd("htable.listTables").startswith("{\n\tname: ipban\n\tdbtable: ipban\n\tdbmode: 1\n\texpire: 300\n")
    assert "{\n\tname: test\n\tslots: 4\n\tall: 2\n\tmin: 0\n\tmax: " in kamcmd("htable.stats")


@needs_kamcmd
def test_faults_reach_kamcmd(live: Served) -> None:
    assert live.kamcmd("htable.delete", "test", "none") == "error: 404 - Key not found in htable.\n"
    assert live.kamcmd("htable.get", "test", "5") == "error: 500 - Not enough parameters (htable name and key name)\n"
    assert live.kamcmd("nope") == "error: 500 - command nope not found\n"
    assert live.kamcmd("htable.seti", "test", "n", "s:77") == "Ok. Key set to new value.\n"
    assert live.kamcmd("core.version").startswith("kamailio 5.6.3")
    assert "htable.dump\n" in live.kamcmd("system.listMethods")


def test_a_message_is_answered_and_leaves_its_mark(live: Served) -> None:
    answer = live.sip_request(OPTIONS)
    assert answer.startswith("SIP/2.0 200 Seen\r\n")
    assert b'"value":\t"one"' in ask(live, request("htable.get", "test", "seen"))


def test_bytes_that_are_no_message_end_nothing(live: Served) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for data in (b"", b"\r\n\r\n", b"\0" * 100, b"INVITE", os.urandom(300), OPTIONS.encode()[:60]):
            client.sendto(data, ("127.0.0.1", live.sip))
    assert live.sip_request(OPTIONS).startswith("SIP/2.0 200 Seen\r\n")


def test_json_over_a_datagram_socket_is_laid_out_as_jsonrpcs_does(live: Served) -> None:
    ask(live, request("htable.sets", "test", "k", "v\u00e9"))
    assert ask(live, b'{"jsonrpc":"2.0","method":"htable.dump","params":["test"],"id":"x"}') == (
        b'{\n\t"jsonrpc":\t"2.0",\n\t"result":\t[{\n\t\t\t"entry":\t2,\n\t\t\t"size":\t1,\n\t\t\t"slot":\t[{\n\t\t\t\t\t"name":\t"k",\n'
        b'\t\t\t\t\t"value":\t"v\xc3\xa9",\n\t\t\t\t\t"type":\t"str"\n\t\t\t\t}]\n\t\t}],\n\t"id":\t"x"\n}'
    )
    assert ask(live, request("nope")) == (
        b'{\n\t"jsonrpc":\t"2.0",\n\t"error":\t{\n\t\t"code":\t500,\n\t\t"message":\t"Method Not Found"\n\t},\n\t"id":\t1\n}'
    )
    assert ask(live, b"{}") == b'{\n\t"jsonrpc":\t"2.0",\n\t"result":\t{\n\t}\n}'


def test_a_fifo_answers_on_the_fifo_that_the_request_names(live: Served) -> None:
    os.mkfifo(live.folder / "r1")
    reply = os.open(live.folder / "r1", os.O_RDWR | os.O_NONBLOCK)
    with open(live.folder / "ff", "wb") as fifo:
        fifo.write(b'{"jsonrpc":"2.0",\n"method":"htable.get","params":["students","alice"],"reply_name":"r1","id":3}')
    deadline = time.monotonic() + 5
    data = b""
    while not data.endswith(b'"id":\t3\n}') and time.monotonic() < deadline:
        try:
            data += os.read(reply, 4096)
        except BlockingIOError:
            time.sleep(0.02)
    os.close(reply)
    assert b'"value":\t"ok"' in data


def test_a_fifo_writes_to_no_file_and_nowhere_else(live: Served) -> None:
    (live.folder / "plain").write_text("kept")
    with open(live.folder / "ff", "wb") as fifo:
        for name in ("plain", "../plain", f"{live.folder}/plain", "gone"):
            fifo.write(json.dumps({"jsonrpc": "2.0", "method": "htable.stats", "reply_name": name}).encode())
    assert b"result" in ask(live, request("htable.stats"))
    assert (live.folder / "plain").read_text() == "kept"
    assert not (live.folder / "gone").exists()


def test_json_over_http(live: Served) -> None:
    client = http.client.HTTPConnection("127.0.0.1", live.http, timeout=5)
    for _ in range(2):
        client.request("POST", "/RPC", request("htable.get", "students", "alice"))
        response = client.getresponse()
        assert response.status == 200
        assert json.loads(response.read())["result"]["item"]["value"] == "ok"
    client.request("POST", "/RPC", request("htable.flush", "students"), {"Origin": "http://evil.example"})
    response = client.getresponse()
    assert (response.status, response.read()) == (403, b"")
    client.request("GET", "/")
    assert client.getresponse().status == 405


def test_time_passes_by_command_only(live: Served) -> None:
    ask(live, request("htable.sets", "ipban", "k", "v"))
    ask(live, request("sroute.advance", 299))
    assert b'"name":\t"k"' in ask(live, request("htable.dump", "ipban"))
    ask(live, request("sroute.advance", 5))
    assert b'"name":\t"k"' not in ask(live, request("htable.dump", "ipban"))
    assert b'"error"' in ask(live, request("sroute.advance", "x"))


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_it_and_tables_are_written_back(live: Served, number: int, status: int) -> None:
    ask(live, request("htable.sets", "ipban", "fresh", "v"))
    assert live.stop(number)[0] == status
    assert rows(live.folder) == {"10.0.0.1", "fresh"}
    assert not [path for path in live.folder.iterdir() if path.name in ("ctl", "dg", "ff")]


def test_the_real_clock_expires_items(tmp_path: Path) -> None:
    script = SCRIPT.replace("autoexpire=300", "autoexpire=1").replace("dbtable=ipban;dbmode=1;", "")
    with served(tmp_path, script) as live:
        ask(live, request("htable.sets", "ipban", "k", "v"))
        assert b'"name":\t"k"' in ask(live, request("htable.dump", "ipban"))
        deadline = time.monotonic() + 8
        while b'"name":\t"k"' in ask(live, request("htable.dump", "ipban")):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert b'"error"' in ask(live, request("sroute.advance", 30))


def test_rpc_sockets_are_for_the_user_alone(live: Served) -> None:
    for name in ("ctl", "dg", "ff"):
        assert stat.S_IMODE((live.folder / name).stat().st_mode) == 0o600


SHOWN = "{\n\tentry: %d\n\tsize: 1\n\tslot: {\n\t\titem: {\n\t\t\tname: %s\n\t\t\tvalue: %s\n\t\t}\n\t}\n}\n"
ARRAYS = """
loadmodule "db_text.so"
loadmodule "htable.so"
modparam("htable", "db_url", "text://dbtext")
modparam("htable", "htable", "htable=>size=8;dbtable=htable")
request_route { exit; }
"""


@needs_kamcmd
def test_the_array_example_as_the_document_shows_it(tmp_path: Path) -> None:
    (tmp_path / "dbtext").mkdir()
    columns = "id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) expires(int)\n"
    (tmp_path / "dbtext" / "htable").write_text(columns + "1:key:1:0:value3:0\n2:key:1:0:value2:0\n3:key:1:0:value1:0\n")
    others = SHOWN % (50, "key::size", "3") + SHOWN % (67, "key[1]", "value2") + SHOWN % (227, "key[2]", "value3")
    with served(tmp_path, ARRAYS, "--documented") as live:
        assert live.kamcmd("htable.dump", "htable") == SHOWN % (35, "key[0]", "value1") + others
        assert live.kamcmd("htable.delete", "htable", "key[0]") == ""
        assert live.kamcmd("htable.dump", "htable") == others
