"""The table in tests/spec/htable/README.md names every case there is, and none that is not."""

import re
from fnmatch import fnmatch
from pathlib import Path

SPEC = Path(__file__).parents[3] / "spec" / "htable"
CASES = {path.stem for path in SPEC.glob("*.cfg")}


def named() -> set[str]:
    rows = re.findall(r"^\|.*\| ([^|]+) \|$", (SPEC / "README.md").read_text(), re.M)
    words = {word for row in rows for word in re.split(r"[, ]+", row.partition("unit:")[0])}
    return {re.sub(r"\(.*|[a-z]*\)$", "", word) for word in words} - {"", "case", "---", "without", "a", "peer"}


def test_every_name_is_a_case() -> None:
    assert [name for name in sorted(named()) if not any(fnmatch(case, name) for case in CASES)] == []


def test_every_case_is_named() -> None:
    assert [case for case in sorted(CASES) if not any(fnmatch(case, name) for name in named())] == []
