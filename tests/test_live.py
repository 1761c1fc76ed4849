"""Every case of the spec in the real Kamailio: what is recorded is what it does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sroute.source.excerpt import show
from sroute.testing.expectations import read
from sroute.testing.outcome import differences
from tests.live.namespace import Worker, missing
from tests.live.record import SPEC, cases

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def kamailio() -> Iterator[Worker]:
    if reason := missing():
        pytest.skip(reason)
    worker = Worker()
    yield worker
    worker.close()


@pytest.mark.parametrize("path", cases([]), ids=lambda path: str(path.relative_to(SPEC).with_suffix("")))
def test_recorded(path: Path, kamailio: Worker) -> None:
    case = read(path)
    found = differences(case, kamailio.judge(path).outcome(), silent=True)
    assert not found, "\n" + "\n".join(show(one) for one in found)
