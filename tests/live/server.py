"""One start of the real Kamailio: the unchanged script, settings on the command line, and a view of when it has nothing to do.

Nothing is added to the script: `-l`, `-n 1`, `-E` and the module ctl come from the command line, so that all lines and columns are
the script's own.
"""

import platform
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from sroute.sip.endpoint import LOCAL, Endpoint
from tests.live import network

# Numbers of the system calls in which a process waits: a worker for the next datagram, the main process for a signal.
_WAITS = {"x86_64": {"45": "recvfrom", "34": "pause"}, "aarch64": {"207": "recvfrom", "73": "pause"}}
WAITS = _WAITS[platform.machine()]
START_TIMEOUT = 10.0
WORK_TIMEOUT = 20.0
STOP_TIMEOUT = 5.0
POLL = 0.001
# What a script may see of the world with $env() and #!defenv is the same everywhere.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C", "TZ": "UTC"}

_FIRST_SOCKET = re.compile(r"^Listening on \n(?: +(?!udp)\w+: .*\n)* +udp: (\S+):(\d+)", re.M)
_LISTEN = re.compile(r"^[ \t]*(?:listen|port)[ \t]*=", re.M)


class Stuck(Exception):
    """Kamailio did not come to rest in time."""


class Server:
    """A Kamailio process and its children; `ready` once they have started."""

    def __init__(self, script: Path, options: tuple[str, ...] = (), *, rpc: bool = False) -> None:
        self.folder = script.parent
        self._log = (self.folder / ".stderr").open("wb")
        self._output = (self.folder / ".stdout").open("wb")
        self._datagrams = network.taken()
        self._others = {socket.port for socket in network.bound()}
        self._control = f"unix:{self.folder}/.ctl"
        self.process = subprocess.Popen(
            self._command(script, options, rpc=rpc),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._log,
            env=ENVIRONMENT,
        )
        self.pids = {self.process.pid}
        self._receivers: set[int] = set()
        self.ports: set[int] = set()
        self.ready = False

    def _command(self, script: Path, options: tuple[str, ...], *, rpc: bool) -> list[str]:
        folder = str(self.folder)
        # No Kamailio outlives the process that started it.
        command = [
            "setpriv",
            "--pdeathsig",
            "TERM",
            "kamailio",
            "-f",
            script.name,
            "-DD",
            "-E",
            "-n",
            "1",
            "-m",
            "64",
            "-M",
            "32",
            "-Y",
            folder,
            "-w",
            folder,
        ]
        command += options
        if not _LISTEN.search(script.read_text("latin-1")):
            command += ["-l", str(LOCAL)]
        if rpc:
            command += ["--loadmodule=ctl", f"--modparam=ctl:binrpc:s:{self._control}"]
        return command

    def start(self) -> bool:
        """Wait until it has started or has refused the script; `ready` says which."""
        self._until(self._started, START_TIMEOUT, "start")
        self.ready = self.process.poll() is None
        return self.ready

    def _started(self) -> bool:
        """The main process has started all others and waits for signals, and each socket has a worker that waits for datagrams."""
        main = self.process.pid
        if _call(main) != "pause":
            return False
        self.pids = {main, *_children(main)}
        calls = {pid: _call(pid) for pid in self.pids}
        self._receivers = {pid for pid, call in calls.items() if call == "recvfrom"}
        self.ports = {socket.port for socket in network.bound()} - self._others
        return len(self._receivers) >= len(self.ports) and "running" not in calls.values()

    def rest(self, datagrams: int) -> None:
        """Wait until the datagrams sent so far have been read and all that they caused is done."""
        self._until(lambda: self._rests(datagrams), WORK_TIMEOUT, "come to rest")

    def _rests(self, datagrams: int) -> bool:
        if network.taken() - self._datagrams < datagrams or any(socket.waiting for socket in network.bound() if socket.port in self.ports):
            return False
        calls = {pid: _call(pid) for pid in self.pids}
        return all(calls[pid] == "recvfrom" for pid in self._receivers) and "running" not in calls.values()

    def _until(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Poll until a condition holds twice in a row, or the process is gone."""
        end, held = time.monotonic() + timeout, 0
        while held < 2 and self.process.poll() is None:
            held = held + 1 if condition() else 0
            if time.monotonic() > end:
                raise Stuck(f"Kamailio did not {what} within {timeout:g} s")
            time.sleep(POLL)

    @property
    def first(self) -> Endpoint:
        """The first UDP socket that it says it listens on; the usual one if it says none."""
        match = _FIRST_SOCKET.search(self.output().decode("latin-1"))
        return Endpoint("udp", match[1], int(match[2])) if match else LOCAL

    def rpc(self, command: list[str]) -> str:
        """What kamcmd prints for a command."""
        done = subprocess.run(["kamcmd", "-s", self._control, *command], capture_output=True, timeout=WORK_TIMEOUT)
        return (done.stdout + done.stderr).decode("latin-1")

    def log(self) -> bytes:
        """All that it has logged so far."""
        return (self.folder / ".stderr").read_bytes()

    def output(self) -> bytes:
        """All that it has printed so far."""
        return (self.folder / ".stdout").read_bytes()

    def stop(self) -> int:
        """End it; its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._kill()
            status = self.process.wait()
        self._log.close()
        self._output.close()
        return status

    def _kill(self) -> None:
        for pid in {*self.pids, *_children(self.process.pid)}:
            subprocess.run(["kill", "-9", str(pid)], stderr=subprocess.DEVNULL)


def _call(pid: int) -> str:
    """What a process waits in: a name of WAITS, the number of another system call, `running`, or `gone`."""
    try:
        number = Path(f"/proc/{pid}/syscall").read_text().split(" ", 1)[0].strip()
    except OSError:
        return "gone"
    return WAITS.get(number, number)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
