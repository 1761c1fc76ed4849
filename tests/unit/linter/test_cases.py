"""Rules against scripts that are not their examples: what must be found, and what looks alike and must not.

`cases/*.txt` holds them. `## CODE found: how` begins one in which the rule finds something: exactly the lines that end with `# <-`,
where there are any. `## CODE quiet: why` begins one in which it finds nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from sroute.linter.registry import all_rules
from sroute.linter.rule import LoadRule
from tests.unit.linter.scripts import linted, whole

FOLDER = Path(__file__).parent / "cases"
HEAD = re.compile(r"^## ([A-Z]{2}[0-9]{3}) (found|quiet): (.*)\n", re.M)
WANTED = 3


@dataclass(frozen=True)
class Case:
    """One script."""

    code: str
    kind: str
    title: str
    script: str


def read() -> list[Case]:
    cases = []
    for file in sorted(FOLDER.glob("*.txt")):
        parts = HEAD.split(file.read_text("utf-8"))
        cases += [Case(*parts[at : at + 4]) for at in range(1, len(parts), 4)]
    return cases


CASES = read()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.kind} {case.title}")
def test_case(case: Case) -> None:
    found = linted(case.script).findings
    errors = [finding.diagnostic for finding in found if finding.diagnostic.severity == "error"]
    assert not errors
    mine = sorted({finding.span.line for finding in found if finding.code == case.code and finding.span})
    wanted = [number for number, line in enumerate(whole(case.script).splitlines(), 1) if line.endswith("# <-")]
    if case.kind == "quiet":
        assert not mine
    else:
        assert mine == wanted or (mine and not wanted)


def test_every_warning_has_its_cases() -> None:
    counted = Counter((case.code, case.kind) for case in CASES)
    rules = [rule for rule in all_rules() if rule.severity == "warning" and not isinstance(rule, LoadRule)]
    missing = [f"{rule.code} {kind}" for rule in rules for kind in ("found", "quiet") if counted[rule.code, kind] < WANTED]
    assert not missing


def test_every_case_has_its_rule() -> None:
    assert {case.code for case in CASES} <= {rule.code for rule in all_rules()}
