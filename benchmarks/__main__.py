"""Prints the table of the README: microseconds, rates, and the ratio to the real Kamailio (above 1: sroute is faster)."""

import argparse
import shutil
from math import prod
from pathlib import Path

from benchmarks import calls, ours, real, tables
from benchmarks.loops import LOOPS

STOCK = Path("/etc/kamailio/kamailio.cfg")


def main() -> None:
    """Runs all benchmarks, in both or (without a real Kamailio) in sroute only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loops", action="store_true", help="the script loops only")
    parser.add_argument("--tables", action="store_true", help="htable with many items only")
    options = parser.parse_args()
    there = shutil.which("kamailio") is not None
    if there:
        real.enter_namespace()
    if options.tables:
        tables.show(there=there)
        return
    print("| one round | Kamailio fresh | Kamailio warm | sroute | ratio to fresh | ratio to warm |")
    print("|---|---|---|---|---|---|")
    ratios = []
    for loop in LOOPS:
        mine = ours.loop(loop)
        fresh, warm = real.loop(loop) if there else (float("nan"), float("nan"))
        ratios.append((fresh / mine, warm / mine))
        print(f"| {loop.name} | {fresh:.2f} us | {warm:.2f} us | {mine:.2f} us | {fresh / mine:.2f} | {warm / mine:.2f} |", flush=True)
    means = [prod(column) ** (1 / len(LOOPS)) for column in zip(*ratios, strict=True)]
    print(f"| geometric mean | | | | {means[0]:.2f} | {means[1]:.2f} |")
    if not options.loops:
        tables.show(there=there)
        print("\n| calls relayed | Kamailio (at least) | sroute |\n|---|---|---|")
        print(f"| INVITE, 180 and 200 a second, one process | {calls.theirs() if there else float('nan'):,.0f} | {calls.ours():,.0f} |")
    if not options.loops and STOCK.exists():
        _stock(there=there)


def _stock(*, there: bool) -> None:
    print("\n| stock kamailio.cfg | Kamailio | sroute |\n|---|---|---|")
    rate = real.options_per_second(STOCK) if there else float("nan")
    print(f"| OPTIONS answered a second, one process | {rate:,.0f} | {ours.options_per_second(STOCK):,.0f} |")
    check = real.check_seconds(STOCK) if there else float("nan")
    print(f"| check (`kamailio -c`) / load and start | {check:.3f} s | {ours.load_seconds(STOCK):.3f} s |")
    print(f"| `sroute run` with one message, cold | | {ours.run_seconds(STOCK):.3f} s |")


if __name__ == "__main__":
    main()
