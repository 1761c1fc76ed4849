"""The tour of the REPL: inputs behind `sroute> ` with what they print, taken from and written back to `examples/repl-tour.md`.

`python -m tests.repl.tour` writes the outputs anew.
"""

import io
import os
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from sroute.cli.talking import tell
from sroute.repl.evaluate import Evaluator
from sroute.repl.session import Setup
from sroute.repl.show import Plain

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "repl-tour.md"
PROMPT, MORE = "sroute> ", "   ...> "
_BLOCK = re.compile(r"^```text\n(.*?)^```$", re.M | re.S)


def steps(text: str) -> list[tuple[str, str]]:
    """Inputs and what the tour says that they print."""
    found: list[tuple[list[str], list[str]]] = []
    for block in _BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith(PROMPT):
                found.append(([line.removeprefix(PROMPT)], []))
            elif line.startswith(MORE.rstrip()):
                found[-1][0].append(line[len(MORE) :])
            else:
                found[-1][1].append(line)
    return [("\n".join(lines), "".join(f"{line}\n" for line in said)) for lines, said in found]


def play(inputs: list[str]) -> list[str]:
    """What each input prints, without a terminal."""
    os.chdir(ROOT)
    evaluator = Evaluator(Setup(), tell)
    plain = Plain(print, print)
    said = []
    for text in inputs:
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            plain.show(evaluator.evaluate(text))
        said.append("".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines()))
    return said


def rewrite(text: str) -> str:
    """The tour with the outputs of now."""
    said = iter(play([given for given, _ in steps(text)]))

    def block(match: re.Match[str]) -> str:
        made = []
        for given, _ in steps(match[0]):
            first, *more = given.split("\n")
            made.append(f"{PROMPT}{first}\n" + "".join(f"{(MORE + line).rstrip()}\n" for line in more) + next(said))
        return "```text\n" + "".join(made) + "```"

    return _BLOCK.sub(block, text)


if __name__ == "__main__":
    FILE.write_text(rewrite(FILE.read_text(encoding="utf-8")), encoding="utf-8")
