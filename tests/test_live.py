"""Every case of the spec in the real Kamailio: what is recorded is what it does."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from sroute.source.excerpt import show
from sroute.testing.expectations import read
from sroute.testing.outcome import differences
from tests.live.judge import Verdict
from tests.live.namespace import Pool, missing
from tests.live.record import SPEC, cases

# One process runs them all, from a pool of its own.
pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live")]


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> Iterator[dict[Path, Future[Verdict]]]:
    """The verdicts on all chosen cases, which begin at once."""
    if reason := missing():
        pytest.skip(reason)
    chosen = [
        Path(str(item.callspec.params["path"]))
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path
    ]
    with Pool() as pool:
        yield {path: pool.judge(path) for path in chosen}


@pytest.mark.parametrize("path", cases([]), ids=lambda path: str(path.relative_to(SPEC).with_suffix("")))
def test_recorded(path: Path, verdicts: dict[Path, Future[Verdict]]) -> None:
    case = read(path)
    found = differences(case, verdicts[path].result().outcome(), silent=True)
    assert not found, "\n" + "\n".join(show(one) for one in found)
