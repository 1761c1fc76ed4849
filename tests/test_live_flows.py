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
SHORT = [path for path in sorted(FLOWS.glob("*.flow")) if (flow := read(path)).end <= SECONDS and flow.script.exists()]
AGAIN = 3


def _differs(path: Path) -> list[str]:
    """Where a flow differs from its recording; a step that came before what it answers is a difference, too."""
    try:
        return differences(path.with_suffix(".txt").read_text("latin-1"), isolated(path))
    except RuntimeError as error:
        return str(error).splitlines()[-1:]


def _still_differs(path: Path) -> list[str]:
    """Where it differs though it is played alone, several times: a busy machine may delay what it sends."""
    found: list[str] = []
    for _ in range(AGAIN):
        found = _differs(path)
        if not found:
            break
    return found


def test_recorded() -> None:
    if reason := missing():
        pytest.skip(reason)
    with ThreadPoolExecutor(6) as pool:
        doubtful = [path for path, differs in zip(SHORT, pool.map(_differs, SHORT), strict=True) if differs]
    found = {path.stem: differs for path in doubtful if (differs := _still_differs(path))}
    assert not found, "\n".join(f"{name}: {differs}" for name, differs in found.items())
