"""The table in tests/spec/htable/README.md names every case there is, and none that is not."""

import re
from fnmatch import fnmatch
from pathlib import Path

SPEC = Path(__file__).parents[3] / "spec" / "htable"
OWN = {path.stem for path in SPEC.glob("*.cfg")}
CASES = OWN | {f"dmq/{path.stem}" for path in (SPEC.parent / "dmq").glob("htable_*.cfg")}


def named() -> set[str]:
    rows = re.findall(r"^\|.*\| ([^|]+) \|$", (SPEC / "README.md").read_text(), re.M)
    words = {word for row in rows for word in re.split(r"[, ]+", row.partition("unit:")[0])}
    return {re.sub(r"\(.*|[a-z]*\)$", "", word) for word in words} - {"", "case", "---", "without", "a", "peer"}


def test_every_name_is_a_case() -> None:
    assert [name for name in sorted(named()) if not any(fnmatch(case, name) for case in CASES)] == []


def test_every_case_is_named() -> None:
    assert [case for case in sorted(CASES) if not any(fnmatch(case, name) for name in named())] == []


def test_the_numbers_of_cases() -> None:
    numbers = [len(OWN), sum(case.startswith("refused_") for case in OWN), len(list((SPEC.parent / "dmq").glob("*.cfg")))]
    section = (SPEC / "README.md").read_text().partition("## How many")[2].partition("##")[0]
    assert [int(number) for number in re.findall(r"(?<![.\d])\d+(?![.\d])", section)] == numbers
