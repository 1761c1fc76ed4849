"""Records what the calls of `calls/*.txt` give in the real Kamailio: `python -m tests.unit.kemi.record [NAME ...]`.

`... flow` records the conversation of `flow/`.

Needs kamailio with its Lua and Python modules, unshare and ip; each run has a network of its own.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.unit.kemi import flows
from tests.unit.kemi.recorded import END, ENGINES, SUFFIXES, Calls, names, read

PORT = 15060
TIMEOUT = 10.0
ALONE = "SROUTE_KEMI_ALONE"


def run(calls: Calls, engine: str) -> list[str]:
    """What each call gives in one engine."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        program, results = place / f"routing.{SUFFIXES[engine]}", place / "results"
        program.write_text(calls.program(engine, results))
        (place / "k.cfg").write_text(calls.script(engine, program))
        words = ["kamailio", "-f", "k.cfg", "-DD", "-E", "-n", "1", "-m", "64", "-M", "32", "-Y", folder, "-w", folder]
        log = (place / "log").open("wb")
        process = subprocess.Popen([*words, "-l", f"udp:127.0.0.1:{PORT}"], cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            got = _answers(calls, results)
        finally:
            _end(process)
            log.close()
        if got is None or len(got) != len(calls.calls):
            raise SystemExit(f"{calls.name} in {engine}: {got}\n{(place / 'log').read_text('latin-1')[-3000:]}")
        return got


def converse(engine: str) -> list[str]:
    """What comes out of the real Kamailio in the conversation of `flow/`."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        place = Path(folder)
        (place / "k.cfg").write_text(flows.script(engine, flows.FOLDER / f"routing.{SUFFIXES[engine]}"))
        words = ["kamailio", "-f", "k.cfg", "-DD", "-E", "-n", "1", "-m", "64", "-M", "32", "-Y", folder, "-w", folder]
        log = (place / "log").open("wb")
        process = subprocess.Popen([*words, "-l", f"udp:127.0.0.1:{PORT}"], cwd=folder, stdout=log, stderr=log, start_new_session=True)
        client.bind(("127.0.0.1", 15070))
        time.sleep(2)
        seen: list[str] = []
        try:
            for step in flows.STEPS:
                if "wait" not in step:
                    relayed = next((message for message in reversed(seen) if flows.is_request(message)), "")
                    client.sendto(flows.request(step) if "send" in step else flows.reply(step, relayed), ("127.0.0.1", PORT))
                seen += _heard(client, float(step.get("wait", 0.4)))
        finally:
            _end(process)
            log.close()
        return [flows.told(message) for message in seen]


def _heard(client: socket.socket, seconds: float) -> list[str]:
    found, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        client.settimeout(left)
        try:
            found.append(client.recv(65535).decode("latin-1"))
        except TimeoutError:
            break
    return found


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(calls: Calls, results: Path) -> list[str] | None:
    time.sleep(2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind(("127.0.0.1", 15070))
        client.sendto(calls.message, ("127.0.0.1", PORT))
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            lines = results.read_text("utf-8", "backslashreplace").splitlines() if results.exists() else []
            if lines and lines[-1] == END:
                return lines[:-1]
            time.sleep(0.05)
    return None


def main() -> None:
    """Records the named files, or all."""
    if sys.argv[1:] == ["flow"]:
        flows.RECORDED.write_text(json.dumps({engine: converse(engine) for engine in ENGINES}, indent=1) + "\n")
        return
    for name in sys.argv[1:] or names():
        calls = read(name)
        columns = {engine: run(calls, engine) for engine in ENGINES}
        rows = {call: {engine: columns[engine][number] for engine in ENGINES} for number, call in enumerate(calls.calls)}
        lines = [f"{json.dumps(call)}: {json.dumps(row)}" for call, row in rows.items()]
        if len(lines) != len(calls.calls):
            raise SystemExit(f"{name}: a call stands there twice")
        calls.results.write_text("{\n" + ",\n".join(lines) + "\n}\n")
        print(f"{name}: {len(lines)} calls")


if __name__ == "__main__":
    if ALONE in os.environ:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        main()
    else:
        again = ["unshare", "--net", sys.executable, "-m", "tests.unit.kemi.record", *sys.argv[1:]]
        raise SystemExit(subprocess.run(again, env={**os.environ, ALONE: "1"}).returncode)
