"""Every recorded flow, played on virtual time: the same messages and log lines in the same order."""

from pathlib import Path

import pytest

from tests.flows.play import Player
from tests.flows.script import read
from tests.flows.transcript import differences

FLOWS = sorted(Path(__file__).parent.joinpath("flows").glob("*.flow"))


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_flow(path: Path) -> None:
    flow = read(path)
    if not flow.script.exists():
        pytest.skip(f"{flow.script} is not there")
    found = differences(path.with_suffix(".txt").read_text("latin-1"), Player(flow).play())
    assert not found, "\n".join(found)
