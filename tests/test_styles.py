"""Whole configurations in the styles that people write: what is said of them is what their comments say, and the real one takes them."""

import subprocess
from pathlib import Path

import pytest

from sroute.linter.linter import lint
from tests.live.namespace import missing

STYLES = sorted((Path(__file__).parent / "data" / "styles").glob("*.cfg"))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_nothing_is_said_that_its_author_would_not_take(path: Path) -> None:
    text = path.read_text("latin-1")
    expected = [
        (number, line.partition("# finding: ")[2].strip()) for number, line in enumerate(text.splitlines(), 1) if "# finding: " in line
    ]
    found = lint(str(path), text).findings
    serious = [(finding.span.line if finding.span else 0, finding.code) for finding in found if finding.diagnostic.severity != "info"]
    assert serious == expected


@pytest.mark.live
@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_the_real_kamailio_takes_it(path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    done = subprocess.run(["unshare", "-n", "kamailio", "-c", "-f", path.name], cwd=path.parent, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode("latin-1")[-500:]
