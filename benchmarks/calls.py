"""Calls through a proxy: an INVITE is relayed, answered with 180 and 200, and the answers go back."""

import select
import socket
import tempfile
import time
from pathlib import Path

from benchmarks import real
from sroute.instance.api import load, start
from sroute.instance.events import Event, Send
from sroute.instance.options import Options
from sroute.sip.endpoint import LOCAL, PEER, Endpoint
from tests.live.server import Server

CALLS = 3000
WINDOW = 20
CALLEE = Endpoint("udp", "127.0.0.1", 5081)
SCRIPT = """#!KAMAILIO
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
request_route {
    t_check_trans();
    record_route();
    t_on_reply("R");
    t_on_failure("F");
    t_relay();
}
onreply_route[R] {
    $avp(seen) = $rs;
}
failure_route[F] {
    exit;
}
"""


def _invite(number: int) -> str:
    return (
        f"INVITE {CALLEE.uri} SIP/2.0\r\nVia: SIP/2.0/UDP {PEER.ip}:{PEER.port};branch=z9hG4bK-bench-{number}\r\n"
        f"From: <sip:alice@example.com>;tag={number}\r\nTo: <sip:bob@example.com>\r\nCall-ID: bench-{number}\r\nCSeq: 1 INVITE\r\n"
        f"Max-Forwards: 70\r\nContact: <{PEER.uri}>\r\nContent-Length: 0\r\n\r\n"
    )


def _answer(request: str, status: str) -> str:
    kept = [line for line in request.split("\r\n") if line.startswith(("Via:", "From:", "To:", "Call-ID:", "CSeq:", "Record-Route:"))]
    lines = [line + ";tag=callee" if line.startswith("To:") else line for line in kept]
    return "\r\n".join([f"SIP/2.0 {status}", *lines, f"Contact: <{CALLEE.uri}>", "Content-Length: 0", "", ""])


def ours() -> float:
    """Calls a second in sroute; time stands still but for a hundredth of a second behind each."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "calls.cfg"
        script.write_text(SCRIPT)
        instance = start(load(script), Options(keep_events=False))
    out: list[str] = []

    def note(event: Event) -> None:
        if isinstance(event, Send) and event.dst == CALLEE:
            out.append(event.message)

    instance.journal.listeners.append(note)
    begin = time.perf_counter()
    for number in range(CALLS):
        instance.receive(_invite(number), PEER, LOCAL)
        instance.receive(_answer(out[-1], "180 Ringing"), CALLEE, LOCAL)
        instance.receive(_answer(out.pop(), "200 OK"), CALLEE, LOCAL)
        instance.advance(0.01)
    return CALLS / (time.perf_counter() - begin)


def theirs() -> float:
    """Calls a second in the real Kamailio with one worker, a window of them under way; caller and callee, in Python, set the pace."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "calls.cfg"
        script.write_text(SCRIPT)
        caller, callee = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        caller.bind((PEER.ip, PEER.port))
        callee.bind((CALLEE.ip, CALLEE.port))
        server = Server(script, ("-m", "256"))
        try:
            if not server.start():
                raise RuntimeError(server.log().decode("latin-1")[-500:])
            return _flood(caller, callee)
        finally:
            caller.close()
            callee.close()
            server.stop()


def _flood(caller: socket.socket, callee: socket.socket) -> float:
    proxy = (LOCAL.ip, LOCAL.port)
    sent = done = 0
    begin = time.perf_counter()
    while done < CALLS:
        while sent < CALLS and sent - done < WINDOW:
            caller.sendto(_invite(sent).encode("latin-1"), proxy)
            sent += 1
        ready = select.select([caller, callee], [], [], 5)[0]
        if not ready:
            raise RuntimeError(f"no answer any more, {done} of {CALLS} done")
        for one in ready:
            text = one.recv(65535).decode("latin-1")
            if one is caller:
                done += text.startswith("SIP/2.0 200 ")
            elif text.startswith("INVITE "):
                for status in ("180 Ringing", "200 OK"):
                    callee.sendto(_answer(text, status).encode("latin-1"), proxy)
    return CALLS / (time.perf_counter() - begin)


if __name__ == "__main__":
    real.enter_namespace()
    print(f"{theirs():,.0f} {ours():,.0f}")
