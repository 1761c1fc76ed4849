"""The commands of the README with their real output: `python -m tests.readme` writes it anew."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
_BLOCK = re.compile(r"(```console\n)(.*?)(```\n)", re.S)


def filled(text: str) -> str:
    """The text with the output of each command in its console blocks."""
    return _BLOCK.sub(lambda block: block[1] + "".join(_run(line) for line in _commands(block[2])) + block[3], text)


def _commands(block: str) -> list[str]:
    return [line for line in block.splitlines() if line.startswith("$ ")]


def _run(line: str) -> str:
    words = shlex.split(line.removeprefix("$ "))
    command = [sys.executable, "-m", "sroute", *words[1:]] if words[0] == "sroute" else words
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    output = done.stdout + done.stderr
    seconds = re.sub(r"in \d+\.\d+s", "in 0.02s", output)
    return f"{line}\n{seconds}"


def main() -> None:
    """Writes the README anew."""
    README.write_text(filled(README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
