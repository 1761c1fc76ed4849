"""Clients that behave badly never hang or end a served instance."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sroute.instance.api import load, start
from sroute.instance.live import Server
from sroute.sip.endpoint import Endpoint
from tests.unit.serve.served import Served, free_port, served

SCRIPT = """
listen=udp:127.0.0.1:PORT
listen=tcp:127.0.0.1:PORT
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "xhttp.so"
loadmodule "jsonrpcs.so"
loadmodule "htable.so"
modparam("htable", "htable", "a=>size=10;")
event_route[xhttp:request] { jsonrpc_dispatch(); }
request_route { if ($rm == "INVITE") { while (1) { $var(x) = 1; } } sl_send_reply("200", "Seen"); }
"""
OPTIONS = """OPTIONS sip:x@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:PORT;branch=z9hG4bK1
From: <sip:a@127.0.0.1>;tag=1
To: <sip:x@127.0.0.1>
Call-ID: one
CSeq: 1 OPTIONS
Content-Length: 0

"""
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Served]:
    port = free_port()
    with served(tmp_path, SCRIPT.replace("PORT", str(port)), "--max-steps", "100000", sip=port) as found:
        yield found


def alive(live: Served) -> None:
    began = time.monotonic()
    assert live.sip_request(OPTIONS).startswith("SIP/2.0 200 Seen\r\n")
    assert time.monotonic() - began < 3


def post(method: str, *params: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}).encode()
    return b"POST /RPC HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def connected(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=5)
    made.settimeout(5)
    return made


def test_datagrams_of_all_kinds(live: Served) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for data in (
            os.urandom(60000),
            b"\xff" * 65000,
            OPTIONS.encode() + b"a" * 60000,
            b"INVITE " * 9000,
            b"\0",
            b"SIP/2.0 200 OK\r\n\r\n",
        ):
            client.sendto(data, ("127.0.0.1", live.sip))
    alive(live)


def test_half_open_connections_are_let_go(live: Served) -> None:
    kept = [connected(live.http) for _ in range(150)] + [connected(live.sip) for _ in range(150)]
    for number, source in enumerate(kept):
        source.sendall((b"POST /RPC HT", b"OPTIONS sip:x", b"\xa1")[number % 3])
    alive(live)
    more = [connected(live.http) for _ in range(150)]  # the oldest have to give way
    more[-1].sendall(post("core.version"))
    assert b"200 OK" in more[-1].recv(4096)
    for source in kept + more:
        source.close()
    alive(live)


def test_a_client_that_reads_nothing_stops_nobody(live: Served) -> None:
    for number in range(400):
        live.rpc("htable.sets", "a", f"key{number}", "x" * 2000)
    slow = connected(live.http)
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.sendall(post("htable.dump", "a") * 40)
    alive(live)
    assert len(live.rpc("htable.dump", "a")) > 800_000
    slow.close()
    alive(live)


def test_an_answer_larger_than_any_buffer_arrives_whole(live: Served) -> None:
    for number in range(1000):
        live.rpc("htable.sets", "a", f"key{number}", "x" * 3000)
    assert live.rpc("htable.dump", "a").count(b'"name"') == 1000
    # kamcmd itself takes no answer of that size


def test_a_request_in_pieces(live: Served) -> None:
    with connected(live.http) as client:
        for byte in post("core.version"):
            client.sendall(bytes([byte]))
        assert b"kamailio" in client.recv(4096)
    message = OPTIONS.replace("UDP", "TCP").replace("PORT", "5060").replace("\n", "\r\n").encode()
    with connected(live.sip) as client:
        for cut in (0, 1, 50, len(message) - 2):
            client.sendall(message[:cut])
            time.sleep(0.02)
            client.sendall(message[cut:])
            assert client.recv(4096).startswith(b"SIP/2.0 200 Seen")
        client.sendall(message * 3 + b"\r\n\r\n")
        got = b""
        while got.count(b"SIP/2.0 200") < 3 or not got.endswith(b"\r\n\r\n\r\n"):
            got += client.recv(4096)


@pytest.mark.parametrize(
    "data", [b"\0" * 70000, os.urandom(70000), b"OPTIONS " + b"x" * 70000, b"Content-Length: 99999999999\r\n\r\n", b"a\r\n\r\n"]
)
def test_bytes_on_connections(live: Served, data: bytes) -> None:
    for port in (live.sip, live.http):
        with connected(port) as client:
            try:
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                client.recv(4096)
            except OSError:
                pass
    alive(live)


def test_an_endless_script_ends_its_message_only(live: Served) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(OPTIONS.replace("OPTIONS", "INVITE").replace("\n", "\r\n").encode(), ("127.0.0.1", live.sip))
    alive(live)


@needs_curl
def test_the_real_curl(live: Served) -> None:
    def curl(url: str, *options: str) -> str:
        return subprocess.run(["curl", "-s", "-m", "5", *options, url], capture_output=True, text=True, timeout=10).stdout

    data = '{"jsonrpc":"2.0","method":"core.echo","params":["a",5],"id":"x"}'
    asked = ["-d", data, "-H", "Content-Type: application/json"]
    assert json.loads(curl(f"http://127.0.0.1:{live.http}/RPC", *asked)) == {"jsonrpc": "2.0", "result": ["a", 5], "id": "x"}
    assert json.loads(curl(f"http://127.0.0.1:{live.http}/RPC", "-0", *asked))["id"] == "x"
    assert curl(f"http://127.0.0.1:{live.http}/", "-o", "/dev/null", "-w", "%{http_code}") == "405"
    assert (
        curl(f"http://127.0.0.1:{live.http}/", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Transfer-Encoding: chunked", *asked) == "411"
    )
    # As jsonrpcs does it: the script's own event route, on its own TCP socket.
    assert json.loads(curl(f"http://127.0.0.1:{live.sip}/RPC", *asked)) == {"jsonrpc": "2.0", "result": ["a", 5], "id": "x"}
    assert json.loads(curl(f"http://127.0.0.1:{live.sip}/RPC", "-d", '{"jsonrpc":"2.0","method":"nope","id":1}'))["error"]["code"] == 500


def test_a_second_instance_says_what_is_in_its_way(live: Served) -> None:
    again = subprocess.run(
        [sys.executable, "-m", "sroute", "serve", str(live.folder / "k.cfg")], capture_output=True, text=True, timeout=20
    )
    assert again.returncode == 2
    assert f"127.0.0.1:{live.sip}: Address already in use" in again.stderr
    assert "Traceback" not in again.stderr
    third = ["--listen", f"udp:127.0.0.1:{free_port()}", "--ctl", f"unix:{live.folder}/ctl"]
    words = [sys.executable, "-m", "sroute", "serve", str(live.folder / "k.cfg"), *third]
    again = subprocess.run(words, capture_output=True, text=True, timeout=20)
    assert again.returncode == 2
    assert "ctl: is already there" in again.stderr
    alive(live)


def test_a_defect_ends_one_message_and_not_the_server(tmp_path: Path) -> None:
    port = free_port()
    said: list[str] = []
    instance = start(load(tmp_path / "k.cfg", SCRIPT.replace("PORT", str(port))))
    server = Server(instance, complain=said.append)
    server.open_sip()
    received: list[bytes] = []

    def receive(data: bytes, src: Endpoint, dst: Endpoint) -> None:
        received.append(data)
        raise AttributeError("made for this test")

    instance.receive = receive  # type: ignore[method-assign, assignment]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for _ in range(2):
            client.sendto(b"OPTIONS sip:x SIP/2.0", ("127.0.0.1", port))
            server.turn(2)
    server.close()
    assert len(received) == 2
    assert said == ["internal error, a defect of sroute: AttributeError: made for this test"] * 2


def test_a_signal_amid_connections(live: Served) -> None:
    kept = [connected(live.http), connected(live.sip)]
    kept[0].sendall(b"POST /RPC")
    assert live.stop(signal.SIGTERM)[0] == 0
    assert not (live.folder / "ctl").exists()
    for source in kept:
        source.close()


@pytest.mark.skipif(shutil.which("kamcmd") is None, reason="kamcmd is not installed")
def test_kamcmd_by_every_way_of_ctl(tmp_path: Path) -> None:
    port, tcp, udp = free_port(), free_port(), free_port()
    ways = [f"tcp:127.0.0.1:{tcp}", f"udp:127.0.0.1:{udp}", f"unixd:{tmp_path}/cd", f"unixs:{tmp_path}/cs"]
    options = [word for way in ways for word in ("--ctl", way)]
    with served(tmp_path, SCRIPT.replace("PORT", str(port)), *options, sip=port):
        for way in ways:
            for words, answer in ((["core.echo", "a", "5"], "a\n5\n"), (["nope"], "error: 500 - command nope not found\n")):
                done = subprocess.run(["kamcmd", "-s", way, *words], capture_output=True, text=True, timeout=10)
                assert done.stdout + done.stderr == answer
