"""Asks the installed Kamailio what it makes of a script, in a network namespace of its own."""

import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.declare import elf

MODULES = Path("/usr/lib/x86_64-linux-gnu/kamailio/modules")
SERVER = Path("/usr/sbin/kamailio")
#: A network of its own, and no process that outlives the first one.
ALONE = ("unshare", "--net", "--pid", "--fork", "--kill-child")
COMPLAINT = re.compile(r"parse error in config file [^,]*, (?:from )?line (\d+)[^:]*: ([^\n]*)")


def packages() -> dict[str, str]:
    """The Debian package of every installed module."""
    listed = subprocess.run(["dpkg", "-S", f"{MODULES}/*.so"], capture_output=True, text=True, check=True).stdout
    owners = (line.split(": ") for line in listed.splitlines())
    return {Path(path).stem: owner.split(":")[0] for owner, path in owners}


def run(script: str, *options: str, seconds: float = 60.0) -> tuple[int, str]:
    """Exit status and log of `kamailio` with a script; -1 when it was still running after the time given.  `@` is the script's folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "k.cfg")
        path.write_text(script, encoding="latin-1")
        command = [*ALONE, "kamailio", "-f", str(path), "-E", "-M", "512", "-Y", folder, "-w", folder, *options]
        try:
            done = subprocess.run(command, capture_output=True, timeout=seconds, cwd=folder)
        except subprocess.TimeoutExpired as late:
            return -1, ((late.stdout or b"") + (late.stderr or b"")).decode("latin-1").replace(folder, "@")
    return done.returncode, (done.stdout + done.stderr).decode("latin-1").replace(folder, "@")


def check(lines: Iterable[str]) -> tuple[bool, dict[int, str], str]:
    """What `kamailio -c` says: whether it takes the script, its first complaint by line (from 1), and the whole log."""
    status, log = run("\n".join(lines) + "\n", "-c")
    complaints: dict[int, str] = {}
    for line, text in COMPLAINT.findall(log):
        complaints.setdefault(int(line), text)
    return status == 0, complaints, log


def is_module(path: Path) -> bool:
    """Whether a shared object can be loaded; a library for another module has no table of exports."""
    return bool({"exports", f"_{path.stem}_exports"} & set(elf.Image(path).symbols))
