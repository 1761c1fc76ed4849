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


AGAIN = 3


class Judges:
    """The verdicts on all chosen cases, which begin at once; and more of them for a case whose times a busy machine spoilt."""

    def __init__(self, pool: Pool, chosen: list[Path]) -> None:
        self._pool = pool
        self._first = {path: pool.judge(path) for path in chosen}

    def verdicts(self, path: Path) -> Iterator[Future[Verdict]]:
        """The first verdict, then further ones."""
        yield self._first[path]
        for _ in range(AGAIN):
            yield self._pool.judge(path)


@pytest.fixture(scope="module")
def judges(request: pytest.FixtureRequest) -> Iterator[Judges]:
    """The real Kamailio, several at a time."""
    if reason := missing():
        pytest.skip(reason)
    chosen = [
        Path(str(item.callspec.params["path"]))
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path
    ]
    with Pool() as pool:
        yield Judges(pool, chosen)


@pytest.mark.parametrize("path", cases([]), ids=lambda path: str(path.relative_to(SPEC).with_suffix("")))
def test_recorded(path: Path, judges: Judges) -> None:
    case = read(path)
    for verdict in judges.verdicts(path):
        found = differences(case, verdict.result().outcome(), silent=True)
        if not found:
            return
    pytest.fail("\n" + "\n".join(show(one) for one in found))
