"""Runs random statements in both and shows where they differ: `python -m tests.differential.statements chain|call|change --count 10`."""

import argparse
import tempfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from random import Random

from sroute.testing.expectations import read
from sroute.testing.runner import run
from tests.differential import calls
from tests.live.namespace import Pool

SIZE = {"chain": 1000, "call": 1000, "change": 200}


def write(folder: Path, name: str, kind: str, statements: list[str], rng: Random) -> Path:
    """The script of some statements, and its messages where each has its own."""
    path = folder / f"{name}.cfg"
    text = calls.routed(statements) if kind == "change" else calls.script(statements)
    if kind == "change":
        messages = "\r\n".join(calls.message(number, rng) for number in range(len(statements)))
        path.with_suffix(".sip").write_bytes(messages.encode("latin-1"))
        first, rest = text.split("\n", 1)
        text = f"{first}\n# send: {name}.sip\n{rest}"
    path.write_bytes(text.encode("latin-1"))
    return path


def by_number(texts: Iterable[str]) -> dict[str, list[str]]:
    """What each statement has logged."""
    found: dict[str, list[str]] = {}
    for text in texts:
        number, _, outcome = text.partition(" ")
        found.setdefault(number, []).append(outcome)
    return found


def compare(kind: str, seed: int, count: int, size: int) -> tuple[list[str], int]:
    """Differences (statement, real, ours) and how many statements ran; those behind one that ends Kamailio are left out."""
    differences: list[str] = []
    ran = 0
    with tempfile.TemporaryDirectory() as folder, Pool() as pool:
        made = []
        for number in range(count):
            rng = Random(seed + number)
            statements = list(islice(calls.made(rng, kind), size))
            made.append((write(Path(folder), str(number), kind, statements, rng), statements))
        for (path, statements), judged in zip(made, [pool.judge(path) for path, _ in made], strict=True):
            verdict = judged.result()
            if not verdict.started:
                differences.append(f"the real one does not start: {verdict.printed[-500:]}")
                continue
            real, mine = by_number(line.text for line in verdict.log.script), by_number(run(read(path)).log)
            last = max((int(number) for number in real if number.isdigit()), default=0) if verdict.trouble else len(statements)
            for number, statement in enumerate(statements[:last]):
                ran += 1
                if real.get(str(number)) != mine.get(str(number)):
                    differences.append(f"{statement}\n    real {real.get(str(number))}\n    ours {mine.get(str(number))}")
    return differences, ran


def main() -> None:
    """Prints the differences; fails when there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(SIZE))
    parser.add_argument("--count", type=int, default=2, help="scripts to run")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    differences, ran = compare(options.kind, options.seed, options.count, SIZE[options.kind])
    print(*differences, sep="\n")
    print(f"{ran} statements, {len(differences)} differences")
    raise SystemExit(bool(differences))


if __name__ == "__main__":
    main()
