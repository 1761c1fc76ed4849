"""`sroute serve` as a process of its own, on paths and ports of the test's."""

import http.client
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORTS = range(20_000, 30_000)


def free_port() -> int:
    """A port of loopback at which nothing is bound by UDP or TCP; none that the system gives to outgoing connections."""
    while True:
        port = secrets.choice(PORTS)
        try:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port


@dataclass
class Served:
    process: "subprocess.Popen[str]"
    folder: Path
    sip: int
    http: int

    @property
    def ctl(self) -> str:
        return f"unix:{self.folder}/ctl"

    def kamcmd(self, *words: str) -> str:
        done = subprocess.run(["kamcmd", "-s", self.ctl, *words], capture_output=True, text=True, timeout=10)
        return done.stdout + done.stderr

    def rpc(self, method: str, *params: object) -> bytes:
        """The answer to a command by JSON-RPC over HTTP."""
        client = http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)
        client.request("POST", "/RPC", json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": 1}))
        with client.getresponse() as response:
            found = response.read()
        client.close()
        return found

    def sip_request(self, text: str) -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.bind(("127.0.0.1", 0))
            client.settimeout(5)
            port = client.getsockname()[1]
            client.sendto(text.replace("PORT", str(port)).replace("\n", "\r\n").encode(), ("127.0.0.1", self.sip))
            return client.recv(65535).decode()

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(number)
        self.process.communicate(timeout=10)
        return self.process.returncode, (self.folder / "out").read_text()


@contextmanager
def served(folder: Path, script: str, *options: str, sip: int = 0) -> Iterator[Served]:
    """sip: the port that the script itself listens at; else one is chosen."""
    path = folder / "k.cfg"
    path.write_text(script)
    listen = [] if sip else ["--listen", f"udp:127.0.0.1:{(sip := free_port())}"]
    rpc = free_port()
    words = [sys.executable, "-m", "sroute", "serve", str(path), *listen, "--http", f"127.0.0.1:{rpc}"]
    words += ["--ctl", f"unix:{folder}/ctl", *options]
    with (folder / "out").open("w") as out:  # a pipe that nobody reads would stop it
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.PIPE, text=True)
    try:
        _await_ready(process)
        yield Served(process, folder, sip, rpc)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _await_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stderr is not None
    said = ""
    while not said.endswith("serve: ready\n"):
        assert select.select([process.stderr], [], [], 20)[0], f"not ready: {said}"
        data = os.read(process.stderr.fileno(), 4096)
        assert data, f"ended: {said}"
        said += data.decode()
