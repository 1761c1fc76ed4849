"""What a million items take, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

MOST = 300
"""Bytes an item, besides its key and its value."""
MEASURED = """
import resource, sys
from pathlib import Path
from sroute.dialect import DEFAULT
from sroute.modules.htable.definition import define
from sroute.modules.htable.table import Table
from sroute.runtime.clock import VirtualClock

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

table = Table(define(sys.argv[1], DEFAULT), VirtualClock(), DEFAULT)
before, held = resident(), 0
for number in range(1_000_000):
    key, value = f"alice{number}", f"sip:{number}@example.com"
    held += len(key) + len(value)
    table.store(key, value)
next(iter(table.order.all()))
print((resident() - before - held) / 1e6)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_million_items() -> None:
    """With an expiry for each, and with the index that iterators and dumps need."""
    command = [sys.executable, "-c", MEASURED, "t=>size=18;autoexpire=3600"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[4])
    assert done.stderr == ""
    assert 50 < float(done.stdout) <= MOST
