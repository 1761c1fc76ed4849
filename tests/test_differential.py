"""Random expressions in the real Kamailio and in sroute: no difference, and every pair of operator and operands occurs."""

import pytest

from tests.differential import statements
from tests.differential.generate import must_occur
from tests.differential.run import compare
from tests.live.namespace import missing

pytestmark = pytest.mark.live
SEED, SCRIPTS = 5, 4


def test_random_expressions() -> None:
    if reason := missing():
        pytest.skip(reason)
    differences, produced, ran = compare(SEED, SCRIPTS)
    assert differences == []
    assert ran == SCRIPTS * 1000
    assert [pair for pair in must_occur() if not produced[pair]] == []


@pytest.mark.parametrize(("kind", "size"), [("chain", 500), ("call", 500), ("change", 60)])
def test_random_statements(kind: str, size: int) -> None:
    if reason := missing():
        pytest.skip(reason)
    differences, ran = statements.compare(kind, SEED, 1, size)
    assert differences == []
    assert ran == size
