"""The real Kamailio: loops timed by its own clock, messages and starts by ours."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.loops import Loop
from sroute.sip import compose
from sroute.sip.endpoint import LOCAL, PEER
from tests.live import network
from tests.live.server import Server

FLOOD = 4000
WINDOW = 40


def enter_namespace() -> None:
    """Runs the whole benchmark again in a network namespace of its own."""
    if os.environ.get("SROUTE_BENCH") != "1":
        os.environ["SROUTE_BENCH"] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, "-m", "benchmarks", *sys.argv[1:]])
    network.bring_up()


def request(*headers: str) -> bytes:
    """A message with further headers."""
    return compose.request(PEER, ruri="sip:alice@127.0.0.1:5060", headers=headers).encode("latin-1")


def loop(one: Loop) -> tuple[float, float]:
    """Microseconds a round in a fresh process, and after a loop that built strings."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "loop.cfg"
        script.write_text(one.script)
        server, wire = Server(script), network.Wire()
        try:
            if not server.start():
                raise RuntimeError(server.log().decode("latin-1")[-500:])
            steps = [request(f"X-Rounds: {one.rounds}"), request("X-Warm: yes"), request(f"X-Rounds: {one.rounds}")]
            for number, message in enumerate(steps, 1):
                wire.send(message, PEER, LOCAL)
                server.rest(number)
            stamps = [float(line.rsplit(" ", 1)[-1]) for line in server.log().decode("latin-1").splitlines() if "<script>" in line]
        finally:
            wire.close()
            server.stop()
    fresh, warm = stamps[1] - stamps[0], stamps[3] - stamps[2]
    return fresh / one.rounds * 1e6, warm / one.rounds * 1e6


def options_per_second(config: Path) -> float:
    """Answered OPTIONS a second of one worker, a window of them under way."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "kamailio.cfg"
        script.write_bytes(config.read_bytes())
        server, wire = Server(script, ("-m", "256")), network.Wire()
        held = wire.hold(PEER)
        message = compose.request(PEER, ruri="sip:127.0.0.1:5060").encode("latin-1")
        try:
            _await_port(server)
            held.settimeout(5)
            begin = time.perf_counter()
            for number in range(FLOOD + WINDOW):
                if number < FLOOD:
                    held.sendto(message, (LOCAL.ip, LOCAL.port))
                if number >= WINDOW:
                    held.recv(65535)
            return FLOOD / (time.perf_counter() - begin)
        finally:
            wire.close()
            server.stop()


def _await_port(server: Server) -> None:
    """Waits until it listens: the stock config has too many processes to watch each."""
    end = time.monotonic() + 15
    while not any(socket.port == LOCAL.port for socket in network.bound()):
        if server.process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(server.log().decode("latin-1")[-500:])
        time.sleep(0.05)
    time.sleep(1)


def check_seconds(config: Path) -> float:
    """How long `kamailio -c` takes."""
    begin = time.perf_counter()
    subprocess.run(["kamailio", "-c", "-f", str(config)], capture_output=True, check=False)
    return time.perf_counter() - begin
