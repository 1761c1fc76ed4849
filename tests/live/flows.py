"""Plays a flow against the real Kamailio: every party is a UDP socket on loopback, and the times are real.

`python -m tests.live.flows NAME ...` prints transcripts, `--record` writes them beside the flows, `--jobs N` plays N at once. Each
Kamailio has a network namespace of its own.
"""

import argparse
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from tests.flows.compose import compose
from tests.flows.script import PROXY, Flow, read
from tests.flows.transcript import Logged, Sent, by_time, written

FLOWS = Path(__file__).resolve().parent.parent / "flows"
_TIMESTAMPNS = 35
_PREFIX = re.compile(r"(?:^|(?<=.)) ?\d+\(\d+\) (ALERT|BUG|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG): ", re.M)
_SOURCE = re.compile(r"(?:\{[^}]*\} )?(<?[\w-]+>?)(?: \[([\w./-]+):\d+\])?: (?:\w+\(\): )?(.*)", re.S)
_SHOWN = {"ALERT", "BUG", "CRITICAL", "ERROR", "WARNING"}


def script_text(path: Path) -> str:
    """The script as the real one gets it: what a recording needs is added behind the first line."""
    first, _, rest = path.read_text("latin-1").partition("\n")
    head = ["log_stderror=yes", "children=1"]
    if not re.search(r"^\s*listen\s*=", rest, re.M):
        head.append(f"listen=udp:{PROXY}")
    return "\n".join([first, *head, rest])


class _Log:
    """Reads the log as it is written; every entry gets the time at which its beginning was there."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.text = ""
        self.times: list[tuple[int, float]] = []
        os.set_blocking(stream.fileno(), False)

    def take(self) -> None:
        try:
            data = os.read(self.stream.fileno(), 1 << 20)
        except BlockingIOError:
            return
        self.times.append((len(self.text), time.time()))
        self.text += data.decode("latin-1")

    def entries(self, start: float) -> Iterable[Logged]:
        marks = list(_PREFIX.finditer(self.text))
        for n, mark in enumerate(marks):
            stop = marks[n + 1].start() if n + 1 < len(marks) else len(self.text)
            when = [t for at, t in self.times if at <= mark.start()][-1] - start
            entry = _entry(when, mark[1], self.text[mark.end() : stop].removesuffix("\n"))
            if entry is not None and when >= 0:
                yield entry


def _entry(when: float, level: str, text: str) -> Logged | None:
    match = _SOURCE.match(text)
    if match is None:
        return Logged(when, level, "core", text) if level in _SHOWN else None
    source, _, said = match.groups()
    if source == "<script>":
        return Logged(when, level, "script", said)
    return Logged(when, level, source.strip("<>"), said) if level in _SHOWN else None


class Player:
    """One Kamailio and the parties of one flow."""

    def __init__(self, flow: Flow) -> None:
        """Opens the parties' sockets."""
        self.flow = flow
        self.sent: list[Sent] = []
        self.sockets: dict[str, socket.socket] = {}
        for party in flow.parties.values():
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            made.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            made.bind((party.host, party.port))
            self.sockets[party.name] = made
        self.begun = 0.0

    def play(self) -> str:
        """Starts Kamailio, plays all steps, stops it: the transcript.

        Raises RuntimeError with the log when it does not start.
        """
        with tempfile.TemporaryDirectory() as room:
            script = Path(room, "kamailio.cfg")
            script.write_text(script_text(self.flow.script), "latin-1")
            command = ["kamailio", "-f", str(script), "-DD", "-E", "-m", "64", "-M", "16", "-Y", room, "-w", room]
            command += [option for name in self.flow.defines for option in ("-A", name)]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=room, start_new_session=True)
            assert process.stdout is not None
            self.log = _Log(process.stdout)
            try:
                self._await_start(process)
                steps = self._run()
            finally:
                _stop(process)
                for made in self.sockets.values():
                    made.close()
        return written(by_time(steps, self.sent, self.log.entries(self.begun)), [step.line for step in self.flow.steps])

    def _await_start(self, process: subprocess.Popen[bytes]) -> None:
        wanted = f":{int(PROXY.split(':')[1]):04X}"
        until = time.monotonic() + 10
        while time.monotonic() < until and process.poll() is None:
            if any(line.split()[1].endswith(wanted) for line in Path("/proc/net/udp").read_text().splitlines()[1:]):
                time.sleep(0.3)
                self.log.take()
                return
            time.sleep(0.02)
        self.log.take()
        raise RuntimeError(f"{self.flow.name}: Kamailio did not start\n{self.log.text}")

    def _run(self) -> list[float]:
        times = []
        self.begun = time.time()
        for step in self.flow.steps:
            self._wait(self.begun + step.time)
            text = compose(self.flow, step, [s.text for s in self.sent])
            times.append(time.time() - self.begun)
            self.sockets[step.party].sendto(text.encode("latin-1"), (PROXY.split(":")[0], int(PROXY.split(":")[1])))
        self._wait(self.begun + self.flow.end)
        return times

    def _wait(self, until: float) -> None:
        """Collects what arrives until a time."""
        sockets = {made.fileno(): made for made in self.sockets.values()}
        log = self.log.stream.fileno()
        while (left := until - time.time()) > 0:
            ready = select.select([*sockets, log], [], [], left)[0]
            batch: list[Sent] = []
            while ready:
                for one in ready:
                    if one == log:
                        self.log.take()
                    else:
                        batch.append(self._receive(sockets[one]))
                ready = select.select(list(sockets), [], [], 0)[0]
            self.sent += sorted(batch, key=lambda s: s.time)

    def _receive(self, here: socket.socket) -> Sent:
        data, ancillary, _, _ = here.recvmsg(65535, 256)
        seconds, nanos = struct.unpack("qq", ancillary[0][2][:16])
        name = next(name for name, s in self.sockets.items() if s is here)
        return Sent(seconds + nanos / 1e9 - self.begun, name, data.decode("latin-1"))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.stdout is not None:
        process.stdout.close()


def flow_paths(names: Iterable[str]) -> list[Path]:
    """The flow files of those names; all without names."""
    wanted = list(names)
    return [Path(n) if n.endswith(".flow") else FLOWS / f"{n}.flow" for n in wanted] or sorted(FLOWS.glob("*.flow"))


def isolated(path: Path) -> str:
    """The transcript of a flow, played in a network namespace of its own.

    Raises RuntimeError with what went wrong.
    """
    shell = 'ip link set lo up; exec "$0" -m tests.live.flows --here "$1"'
    command = ["unshare", "-n", "sh", "-c", shell, sys.executable, str(path)]
    done = subprocess.run(command, capture_output=True, cwd=FLOWS.parent.parent, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("latin-1"))
    return done.stdout.decode("latin-1")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flows", nargs="*")
    parser.add_argument("--here", action="store_true", help="no namespace of its own")
    parser.add_argument("--record", action="store_true", help="write NAME.txt")
    parser.add_argument("--jobs", type=int, default=4)
    options = parser.parse_args()
    paths = flow_paths(options.flows)
    if options.here:
        for path in paths:
            sys.stdout.buffer.write(Player(read(path)).play().encode("latin-1"))
        return
    failed = False
    with ThreadPoolExecutor(options.jobs) as pool:
        for path, job in [(path, pool.submit(isolated, path)) for path in paths]:
            error = job.exception()
            if error is not None:
                print(f"{path.stem}: {str(error).strip().splitlines()[-1]}", file=sys.stderr)
                failed = True
            elif options.record:
                path.with_suffix(".txt").write_text(job.result(), "latin-1")
            else:
                print(job.result())
    sys.exit(failed)


if __name__ == "__main__":
    main()
