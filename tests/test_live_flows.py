"""The short flows in the real Kamailio again: what is recorded is what it does. (`python -m tests.live.flows` plays the long ones.)"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.flows.script import read
from tests.flows.transcript import differences
from tests.live.flows import FLOWS, isolated
from tests.live.namespace import missing

pytestmark = pytest.mark.live
SECONDS = 3.0
SHORT = [path for path in sorted(FLOWS.glob("*.flow")) if read(path).end <= SECONDS]


def _differs(path: Path) -> list[str]:
    """Where a flow differs from its recording; played again if it does, as a busy machine may delay what it sends."""
    recorded = path.with_suffix(".txt").read_text("latin-1")
    return differences(recorded, isolated(path)) and differences(recorded, isolated(path))


def test_recorded() -> None:
    if reason := missing():
        pytest.skip(reason)
    with ThreadPoolExecutor(8) as pool:
        found = {path.stem: differs for path, differs in zip(SHORT, pool.map(_differs, SHORT), strict=True) if differs}
    assert not found, "\n".join(f"{name}: {differs}" for name, differs in found.items())
