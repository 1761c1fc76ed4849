"""sroute: the same loops, messages and starts."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.loops import Loop
from sroute.instance.api import load, start
from sroute.instance.options import Options
from sroute.sip import compose
from sroute.sip.endpoint import PEER

FLOOD = 4000
STEPS = 10**9


def loop(one: Loop) -> float:
    """Microseconds a round, the best of three."""
    instance = start(load("loop.cfg", one.script), Options(max_steps=STEPS, keep_events=False))
    message = compose.request(PEER, ruri="sip:alice@127.0.0.1:5060", headers=(f"X-Rounds: {one.rounds}",))
    return min(_seconds(lambda: instance.receive(message)) for _ in range(3)) / one.rounds * 1e6


def options_per_second(config: Path) -> float:
    """OPTIONS answered a second in one process."""
    instance = start(load(config), Options(keep_events=False))
    message = compose.request(PEER, ruri="sip:127.0.0.1:5060")

    def flood() -> None:
        for _ in range(FLOOD):
            instance.receive(message)

    return FLOOD / min(_seconds(flood) for _ in range(3))


def load_seconds(config: Path) -> float:
    """Reading, resolving and starting a script in a process that has sroute loaded."""
    return min(_seconds(lambda: start(load(config))) for _ in range(3))


def run_seconds(config: Path) -> float:
    """`sroute run` with one message, cold: a new process, imports included."""
    command = [sys.executable, "-m", "sroute", "run", str(config)]
    return min(_seconds(lambda: subprocess.run(command, capture_output=True, check=False)) for _ in range(3))


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
