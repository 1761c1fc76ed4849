"""The verdict of the real parser on a script: `kamailio -c` with every installed module loaded, no network.

What depends on the machine or on modules is no syntax error and does not count: a module that is not installed or takes no such
parameter, an unknown command, an undeclared flag. An unknown variable stops the real parser at once; it is replaced by `$var(xxx)`
and the script is read again.

    python -m tests.live.verdicts --write tests/data/examples.json     records the verdicts of the package's example configs
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MODULES = Path("/usr/lib/x86_64-linux-gnu/kamailio/modules")
EXAMPLES = Path("/usr/share/doc/kamailio/examples")
STOCK = Path("/etc/kamailio/kamailio.cfg")
FIRST = ("pv", "tm", "sl", "registrar", "usrloc", "rtpengine", "rtpproxy", "auth", "dialog")
PARSE_ERROR = re.compile(r"parse error in config file (\S+?), (?:from )?line (\d+), column (\d+)[^:]*: (.*)")
CONFIG_WARNING = re.compile(r"warning in config file (\S+?), (?:from )?line (\d+), column (\d+)[^:]*: (.*)")
FATAL = (
    "unexpected EOF in unclosed string",
    "different number of preprocessor directives",
    "'-' not allowed",
    "already defined",
    "bad subst expression",
    "cannot open included file",
    "too many includes",
    "included file name",
    "env variable not defined",
    "unexpected EOF while parsing pvar name",
)
NOT_SYNTAX = (
    "failed to load module",
    "Can't set module parameter",
    "unknown command, missing loadmodule?",
    "Command cannot be used in the block",
    "flag not declared",
    "avpflag not declared",
    "is not constant",
    "duplicate route",
    "read only pvar in assignment left side",
    "pvar with transformations in assignment",
    "type mismatch",
    "variable cannot be declared",
    "variable cannot be added to the group instance",
    "register flag failed",
    "Can't set config routing engine",
    "allowed only in onsend_route",
    "command not allowed in onsend_route",
    "add alias",
    "must be before any modparam or the route blocks",
)
BAD_VARIABLE = re.compile(r"Can't get from cache: (.*)")


@dataclass(frozen=True)
class Verdict:
    """What the real parser says: accepted or not, its syntax errors, its other errors and its warnings, each [line, text]."""

    ok: bool
    errors: list[tuple[int, str]]
    others: list[tuple[int, str]]
    warnings: list[tuple[int, str]]
    raw: str


def available() -> bool:
    """Whether a real Kamailio can be asked here."""
    return shutil.which("kamailio") is not None and shutil.which("unshare") is not None and MODULES.is_dir()


@cache
def module_options() -> tuple[str, ...]:
    """Options that load every module that can be loaded."""
    names = sorted((path.name for path in MODULES.glob("*.so")), key=lambda name: (name.removesuffix(".so") not in FIRST, name))
    while True:
        options = tuple(f"--loadmodule={name}" for name in names)
        with tempfile.NamedTemporaryFile("w", suffix=".cfg") as file:
            file.write("#!KAMAILIO\nrequest_route { ; }\n")
            file.flush()
            output = _run([file.name, *options])
        failed = re.findall(r"failed to load the module: (\S+)", output)
        if not failed:
            return options
        names = [name for name in names if name not in failed]


def _run(arguments: list[str], defines: tuple[str, ...] = (), env: dict[str, str] | None = None) -> str:
    given = [part for define in defines for part in ("-A", define)]
    command = ["unshare", "-n", "kamailio", "-c", "-E", "-m", "64", "-M", "16", *given, "-f", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=60, env={**os.environ, **(env or {})})
    return (done.stdout + done.stderr).decode("latin-1") + f"\nexit {done.returncode}\n"


def verdict(text: bytes, beside: Path | None = None, defines: tuple[str, ...] = (), *, env: dict[str, str] | None = None) -> Verdict:
    """Ask the real parser about a text, with every module; included files are looked for in the folder `beside`."""
    return judge(text, module_options(), beside, defines, env=env)


def judge(
    text: bytes, options: tuple[str, ...], beside: Path | None = None, defines: tuple[str, ...] = (), *, env: dict[str, str] | None = None
) -> Verdict:
    """Ask the real parser about a text, with some options that load modules."""
    with tempfile.TemporaryDirectory() as folder:
        if beside is not None:
            shutil.copytree(beside, folder, dirs_exist_ok=True)
        path = Path(folder, "asked.cfg")
        tried: set[bytes] = set()
        while True:
            path.write_bytes(text)
            output = _run([str(path), *options], defines, env)
            bad = BAD_VARIABLE.search(output)
            name = bad[1].strip().encode("latin-1") if bad else b""
            if len(name) < 2 or name in tried or name not in text:
                return _judge(output, str(path))
            tried.add(name)
            text = text.replace(name, b"$var(xxx)")


def _judge(output: str, path: str) -> Verdict:
    errors: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    for match in PARSE_ERROR.finditer(output):
        entry = int(match[2]), match[4].strip()
        (others if any(known in entry[1] for known in NOT_SYNTAX) else errors).append(entry)
    for fatal in FATAL:
        if fatal in output:
            line = re.search(rf"{re.escape(fatal)}.*\n(?:.*error at .* line (\d+))?", output)
            errors.append((int(line[1]) if line and line[1] else 0, fatal))
    if "exit 0" not in output and not errors and not others and "config file ok" not in output:
        tail = [line for line in output.splitlines() if re.search(r"CRITICAL|ERROR", line)]
        others.append((0, tail[-1] if tail else "refused without a word"))
    warnings = [(int(match[2]), match[4].strip()) for match in CONFIG_WARNING.finditer(output)]
    return Verdict(not errors, errors, others, warnings, output.replace(path, "SCRIPT"))


def example_files() -> list[Path]:
    """The configs of the Debian package: examples and the stock one."""
    found = [path for path in EXAMPLES.rglob("*") if re.search(r"\.cfg(\.gz|\.sample|\.sample\.gz)?$", path.name)]
    return sorted([*found, STOCK])


def content(path: Path) -> bytes:
    """A file, unpacked."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def record() -> list[dict[str, object]]:
    """The verdict on each example."""
    rows: list[dict[str, object]] = []
    for path in example_files():
        text = content(path)
        given = verdict(text, path.parent)
        name = str(path.relative_to(EXAMPLES)) if path.is_relative_to(EXAMPLES) else str(path)
        line = min((line for line, _ in given.errors if line), default=None)
        rows.append({"name": name, "sha256": hashlib.sha256(text).hexdigest(), "ok": given.ok, "line": line, "errors": len(given.errors)})
    return rows


def main() -> None:
    """Record, or show the verdict on files."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", type=Path)
    options.add_argument("--raw", action="store_true")
    options.add_argument("files", nargs="*", type=Path)
    given = options.parse_args()
    if given.write:
        rows = ",\n  ".join(json.dumps(row) for row in record())
        given.write.write_text(f"[\n  {rows}\n]\n")
    for file in given.files:
        found = verdict(content(file), file.parent)
        print(file, "accepted" if found.ok else "refused", found.errors, found.others)
        if given.raw:
            print(found.raw)


if __name__ == "__main__":
    main()
