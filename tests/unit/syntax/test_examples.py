"""The configs of the Debian package: the verdicts of the real parser, recorded with `python -m tests.live.verdicts`."""

import hashlib
import json
from pathlib import Path

import pytest

from sroute.syntax.parser import parse
from tests.live.verdicts import EXAMPLES, content
from tests.unit.syntax.reading import findings

RECORDED = json.loads((Path(__file__).parents[2] / "data" / "examples.json").read_text())


@pytest.mark.parametrize("row", RECORDED, ids=lambda row: str(row["name"]))
def test_example(row: dict[str, str | int | bool | None]) -> None:
    path = EXAMPLES / str(row["name"])
    if not path.exists():
        pytest.skip(f"{path} is not installed here (package kamailio)")
    data = content(path)
    if hashlib.sha256(data).hexdigest() != row["sha256"]:
        pytest.skip(f"{path} is another version than the recorded one")
    parsed = parse(str(path), data.decode("latin-1"))
    errors = [found for found in parsed.diagnostics if found.severity == "error"]
    lines = sorted(found.span.line for found in errors if found.span)
    assert parsed.ok == row["ok"], findings(parsed)
    if row["line"] is not None:
        assert lines[0] <= int(row["line"]), findings(parsed)
