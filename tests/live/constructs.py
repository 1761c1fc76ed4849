"""Constructs of the language with the verdict of the real parser: data of our own in `tests/data`, judged anew by this tool.

Each line of `statements.txt` stands in a route, each of `declarations.txt` at top level, each of `files.txt` (a JSON string) is
a whole file. The first character is `+` for accepted, `-` for refused; lines that begin with `##` are headings.

    python -m tests.live.constructs     judges every line and writes the verdicts
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.live.verdicts import MODULES, Verdict, judge

DATA = Path(__file__).parent.parent / "data"
KINDS = ("statements", "declarations", "files")
NEEDED = ("pv", "xlog", "textops", "textopsx", "sl", "tm", "tmx", "rr", "siputils", "htable", "dispatcher")
ENVIRONMENT = {"HOME": "/root"}


@dataclass(frozen=True)
class Construct:
    """A construct and whether the real parser accepts it."""

    kind: str
    line: str
    accepted: bool

    @property
    def text(self) -> str:
        """The script that it stands in."""
        if self.kind == "statements":
            return f"#!KAMAILIO\nrequest_route {{\n{self.line}\n}}\n"
        if self.kind == "declarations":
            return f"#!KAMAILIO\n{self.line}\nrequest_route {{ ; }}\n"
        text = json.loads(self.line)
        assert isinstance(text, str)
        return text


def constructs(kind: str) -> Iterator[Construct]:
    """All constructs of one kind."""
    for line in (DATA / f"{kind}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("##"):
            yield Construct(kind, line[2:], line[0] == "+")


def real(construct: Construct) -> Verdict:
    """What the real parser says about a construct."""
    options = tuple(f"--loadmodule={MODULES / name}.so" for name in NEEDED)
    return judge(construct.text.encode("utf-8"), options, env=ENVIRONMENT)


def main() -> None:
    """Judge everything anew."""
    for kind in KINDS:
        path = DATA / f"{kind}.txt"
        lines = path.read_text(encoding="utf-8").splitlines()
        waiting = [Construct(kind, line[2:], True) for line in lines if line and not line.startswith("##")]
        with ThreadPoolExecutor(2) as pool:
            judged = iter(list(pool.map(real, waiting)))
        made = [line if not line or line.startswith("##") else ("+" if next(judged).ok else "-") + line[1:] for line in lines]
        path.write_text("\n".join(made) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
