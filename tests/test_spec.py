"""Every case of the spec in sroute: it does what the real Kamailio was recorded to do."""

from pathlib import Path

import pytest

from sroute.cli.test import setup
from sroute.source.excerpt import show
from sroute.testing.expectations import read
from sroute.testing.outcome import differences
from sroute.testing.runner import run

SPEC = Path(__file__).parent / "spec"


@pytest.mark.parametrize("path", sorted(SPEC.rglob("*.cfg")), ids=lambda path: str(path.relative_to(SPEC).with_suffix("")))
def test_case(path: Path) -> None:
    case = read(path)
    observed = path.parent.name != "newer"  # of newer versions only the logs are known
    found = differences(case, run(case, setup(case)), silent=observed)
    assert not found, "\n" + "\n".join(show(one) for one in found)
