"""Small scripts with one suspicious thing each, and what the real Kamailio did with them: `tests/data/mistakes/*.txt`.

A line `@ route MODULE ...` says where the lines after it stand and what is loaded before: `route` in a request_route, `top` at top level
beside a request_route that does nothing, `whole` alone, `file` is a JSON string, a file as it is. The first character of a line is the
verdict: `C` the check (`kamailio -c`) refuses the script, `S` it passes the check and dies at start, `+` it starts. `##` begins a comment.

    python -m tests.live.mistakes [FILE ...]            judges the lines whose verdict is `?`
    python -m tests.live.mistakes --again [FILE ...]    judges every line anew
    python -m tests.live.mistakes --ours [FILE ...]     shows where sroute says something else
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sroute.errors import ScriptError
from sroute.instance.api import check, start
from sroute.linter.linter import lint
from tests.live.namespace import Pool
from tests.live.verdicts import MODULES

DATA = Path(__file__).parent.parent / "data" / "mistakes"
STARTS, CHECK, START, UNKNOWN = "+", "C", "S", "?"
AT_TOP = "request_route { exit; }"


@dataclass(frozen=True)
class Mistake:
    """A script with the verdict of the real Kamailio."""

    place: str
    modules: tuple[str, ...]
    line: str
    verdict: str

    @property
    def text(self) -> str:
        """The whole script."""
        if self.place == "file":
            text = json.loads(self.line)
            assert isinstance(text, str)
            return text
        head = "".join(f'loadmodule "{name}.so"\n' for name in self.modules)
        body = {"route": f"request_route {{\n{self.line}\n}}", "top": f"{self.line}\n{AT_TOP}", "whole": self.line}[self.place]
        return f"#!KAMAILIO\n{head}{body}\n"

    @property
    def refused(self) -> bool:
        """Whether it never comes up."""
        return self.verdict in (CHECK, START)


def mistakes(path: Path) -> Iterator[tuple[int, Mistake]]:
    """The scripts of a file with the numbers of their lines, from 0."""
    place, modules = "", ()  # type: str, tuple[str, ...]
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        if line.startswith("@ "):
            place, *names = line[2:].split()
            modules = tuple(names)
        elif line and not line.startswith("##"):
            yield number, Mistake(place, modules, line[2:], line[0])


def every() -> list[Mistake]:
    """All scripts of all files."""
    return [mistake for path in sorted(DATA.glob("*.txt")) for _, mistake in mistakes(path)]


def installed(mistake: Mistake) -> bool:
    """Whether the modules that are loaded before it are here."""
    return all((MODULES / f"{name}.so").exists() for name in mistake.modules)


def real(asked: list[Mistake]) -> list[str]:
    """What the real Kamailio does with each, and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, mistake in enumerate(asked):
            path = Path(folder, str(number), "asked.cfg")
            path.parent.mkdir()
            path.write_text(f"{mistake.text}# send: none\n", "utf-8", newline="")
            paths.append(path)
        with ThreadPoolExecutor(2) as pool:
            passed = list(pool.map(_passes, paths))
        with Pool() as pool_of_servers:
            waiting = {path: pool_of_servers.judge(path) for path, passes in zip(paths, passed, strict=True) if passes}
            return [_verdict(waiting[path].result().started) if path in waiting else CHECK for path in paths]


def again(asked: list[Mistake]) -> list[str]:
    """As `real`; statements that start are tried together, a block each, and one by one only where that does not start."""
    together: dict[tuple[str, ...], list[int]] = {}
    for number, mistake in enumerate(asked):
        if mistake.place == "route" and mistake.verdict == STARTS:
            together.setdefault(mistake.modules, []).append(number)
    scripts = [_blocks([asked[number] for number in numbers]) for numbers in together.values()]
    groups = [numbers for numbers, verdict in zip(together.values(), real(scripts), strict=True) if verdict == STARTS]
    known = dict.fromkeys([number for numbers in groups for number in numbers], STARTS)
    left = [number for number in range(len(asked)) if number not in known]
    known |= dict(zip(left, real([asked[number] for number in left]), strict=True))
    return [known[number] for number in range(len(asked))]


def _blocks(mistakes: list[Mistake]) -> Mistake:
    blocks = "\n".join(f"route[M{number}] {{\n{mistake.line}\n}}" for number, mistake in enumerate(mistakes))
    return Mistake("whole", mistakes[0].modules, f"{AT_TOP}\n{blocks}", UNKNOWN)


def _verdict(started: bool) -> str:
    return STARTS if started else START


def _passes(path: Path) -> bool:
    command = ["unshare", "-n", "kamailio", "-c", "-E", "-m", "64", "-M", "16", "-f", str(path)]
    return subprocess.run(command, capture_output=True, timeout=60).returncode == 0


def linted(mistake: Mistake) -> list[str]:
    """The codes of the errors that lint finds."""
    found = lint("asked.cfg", mistake.text.encode("utf-8").decode("latin-1")).findings
    return [finding.code for finding in found if finding.diagnostic.severity == "error"]


def starts(mistake: Mistake) -> bool:
    """Whether run would start it."""
    program, _ = check("asked.cfg", mistake.text.encode("utf-8").decode("latin-1"))
    if program is None or program.refused:
        return False
    try:
        start(program)
    except ScriptError:
        return False
    return True


def judge(path: Path, *, again: bool) -> None:
    """Write the verdicts of a file."""
    lines = path.read_text("utf-8").splitlines()
    asked = [(number, mistake) for number, mistake in mistakes(path) if again or mistake.verdict == UNKNOWN]
    for (number, mistake), verdict in zip(asked, real([mistake for _, mistake in asked]), strict=True):
        lines[number] = f"{verdict} {mistake.line}"
    path.write_text("\n".join(lines) + "\n", "utf-8")


def differences(path: Path) -> Iterator[str]:
    """Where sroute says something else."""
    for number, mistake in mistakes(path):
        codes, runs = linted(mistake), starts(mistake)
        if bool(codes) != mistake.refused or runs == mistake.refused:
            ours = f"lint {' '.join(codes) or 'nothing'}, run {'starts' if runs else 'refuses'}"
            yield f"{path.name}:{number + 1}: {mistake.verdict} [{' '.join(mistake.modules)}] {mistake.line}\n    {ours}"


def main() -> None:
    """Judge, or compare."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--again", action="store_true")
    options.add_argument("--ours", action="store_true")
    options.add_argument("files", nargs="*", type=Path)
    given = options.parse_args()
    for path in given.files or sorted(DATA.glob("*.txt")):
        if given.ours:
            print(*differences(path), sep="\n")
        else:
            judge(path, again=given.again)


if __name__ == "__main__":
    main()
