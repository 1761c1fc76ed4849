"""Runs random scripts in both and shows where they differ: `python -m tests.differential.run --count 20`."""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from sroute.instance.api import load, start
from sroute.sip import compose
from sroute.sip.endpoint import PEER
from tests.differential.generate import Kinds, must_occur, scripts
from tests.live.namespace import Pool

SIZE = 1000


def ours(text: str) -> list[str]:
    """What the script logs in sroute."""
    instance = start(load("differential.cfg", text))
    instance.receive(compose.request(PEER))
    return instance.logs


def by_number(texts: list[str]) -> dict[int, str]:
    """The outcomes by the number that each line begins with."""
    found = {}
    for text in texts:
        number, _, outcome = text.partition(" ")
        if number.isdigit():
            found[int(number)] = outcome
    return found


def compare(seed: int, count: int, size: int = SIZE) -> tuple[list[str], Counter[Kinds], int]:
    """Differences (expression, real, ours), how often each operator met which operands, and how many expressions ran."""
    differences: list[str] = []
    produced: Counter[Kinds] = Counter()
    ran = 0
    made = list(scripts(seed, count, size))
    with tempfile.TemporaryDirectory() as folder, Pool() as pool:
        paths = []
        for number, (text, _, counted) in enumerate(made):
            path = Path(folder) / f"{number}.cfg"
            path.write_text(text, "latin-1")
            paths.append(path)
            produced.update(counted)
        for (text, expressions, _), judged in zip(made, [pool.judge(path) for path in paths], strict=True):
            verdict = judged.result()
            real = by_number([line.text for line in verdict.log.script])
            mine = by_number(ours(text))
            ran += len(real)
            if not verdict.started:
                differences.append(f"the real one does not start: {verdict.printed[-500:]}")
                continue
            for at, expression in enumerate(expressions):
                if real.get(at) != mine.get(at):
                    differences.append(f"{expression}\n    real {real.get(at)}\n    ours {mine.get(at)}")
    return differences, produced, ran


def main() -> None:
    """Prints the differences and the table of pairs; fails on a difference or on a pair that never occurred."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2, help="scripts to run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=SIZE, help="expressions in a script")
    parser.add_argument("--pairs", action="store_true", help="print how often each pair occurred")
    options = parser.parse_args()
    differences, produced, ran = compare(options.seed, options.count, options.size)
    for difference in differences:
        print(difference)
    missing = [pair for pair in must_occur() if not produced[pair]]
    if options.pairs:
        for (op, left, right), times in sorted(produced.items()):
            print(f"{times:>8}  {left} {op} {right}")
    for op, left, right in missing:
        print(f"never produced: {left} {op} {right}")
    print(f"{ran} expressions, {len(differences)} differences, {len(produced)} pairs, {len(missing)} never produced")
    raise SystemExit(1 if differences or missing else 0)


if __name__ == "__main__":
    main()
