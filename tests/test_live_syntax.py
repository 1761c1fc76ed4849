"""The recorded verdicts on syntax against the real parser, anew."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.live.constructs import KINDS, constructs, real
from tests.live.verdicts import available, record

pytestmark = [pytest.mark.live, pytest.mark.skipif(not available(), reason="no kamailio or no unshare here")]


@pytest.mark.parametrize("kind", KINDS)
def test_constructs(kind: str) -> None:
    asked = list(constructs(kind))
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(real, asked))
    wrong = [(found.line, verdict.errors) for found, verdict in zip(asked, verdicts, strict=True) if verdict.ok != found.accepted]
    assert not wrong


def test_examples() -> None:
    recorded = json.loads((Path(__file__).parent / "data" / "examples.json").read_text())
    assert record() == recorded
