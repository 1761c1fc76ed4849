"""Rules against scripts that are not their examples: what must be found, and what looks alike and must not.

`cases/*.txt` holds them. `## CODE found: how` begins one in which the rule finds something: exactly the lines that end with `# <-`,
where there are any. `## CODE quiet: why` begins one in which it finds nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sroute.linter.registry import all_rules, rule
from sroute.linter.rule import Rule
from tests.unit.linter.scripts import linted_for, whole

FOLDER = Path(__file__).parent / "cases"
HEAD = re.compile(r"^## ([A-Z]{2}[0-9]{3}) (found|quiet): (.*)\n", re.M)
WANTED = 3
_BLOCK, _CALL = re.compile(r"^(?:route|reply_route|failure_route|branch_route)\[", re.M), re.compile(r"\broute\(")
_DEFINE = re.compile(r"^#!(?:def|try|redef|subst)", re.M)
_ASSIGNMENT = re.compile(r"(?:^|[;{}:)])\s*\$[\w(][^;\n\"{}]*?\)?\s*=(?![=~>])[^;]*;", re.M)
WAYS: dict[str, Callable[[str], bool]] = {
    "route": lambda script: bool(_BLOCK.search(script) and _CALL.search(script)),
    "define": lambda script: bool(_DEFINE.search(script)),
    "assignment": lambda script: bool(_ASSIGNMENT.search(script)),
}
"""How what is found may be written elsewhere: in a block that is called, in a define, with an assignment in between."""
OUTSIDE_OF_BLOCKS = frozenset(
    ["HT004", "HT007", "HT008", "HT009", "MD007", "MD021", "MD029", "MD032", "PP011", "PP014", "PP017", "RT030", "SE005", "SE016"]
)
"""Rules about parameters and defines: neither blocks nor assignments have to do with them."""
NO_WAY = frozenset(["HT024", "PP002", "PP003", "PP005", "PP019", "RT008", "RT009", "RT028", "RT029", "SY004"])
"""Rules about the heads of blocks, about comments and about the lines of the preprocessor, where no define is looked up."""


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
    about = rule(case.code)
    assert about is not None
    found = linted_for(about, case.script).findings
    errors = [finding.diagnostic for finding in found if finding.diagnostic.severity == "error" and finding.code != case.code]
    assert not errors
    mine = sorted({finding.span.line for finding in found if finding.code == case.code and finding.span})
    wanted = [number for number, line in enumerate(whole(case.script).splitlines(), 1) if line.endswith("# <-")]
    if case.kind == "quiet":
        assert not mine
    else:
        assert mine
        assert not wanted or mine == wanted


def missing(rules: Iterable[Rule], cases: Iterable[Case]) -> list[str]:
    """What the cases of rules lack: found and quiet ones, and ways to what is found."""
    known = list(cases)
    counted = Counter((case.code, case.kind) for case in known)
    ways: dict[str, set[str]] = {}
    for case in known:
        if case.kind == "found":
            ways.setdefault(case.code, set()).update(way for way, holds in WAYS.items() if holds(case.script))
    few = [f"{rule.code} {kind}" for rule in rules for kind in ("found", "quiet") if counted[rule.code, kind] < WANTED]
    return few + [f"{rule.code} {way}" for rule in rules for way in applicable(rule) - ways.get(rule.code, set())]


def applicable(rule: Rule) -> set[str]:
    """The ways that there can be to what a rule finds."""
    return set() if rule.code in NO_WAY else {"define"} if rule.code in OUTSIDE_OF_BLOCKS else set(WAYS)


def test_every_warning_has_its_cases() -> None:
    assert missing([rule for rule in all_rules() if rule.severity == "warning"], CASES) == []


def test_exceptions_are_of_use() -> None:
    assert {rule.code for rule in all_rules() if rule.severity == "warning"} >= NO_WAY | OUTSIDE_OF_BLOCKS
    assert not NO_WAY & OUTSIDE_OF_BLOCKS


def test_what_is_missing_is_noticed() -> None:
    about = rule("EX009")
    assert about is not None
    scripts = {
        "route": "request_route { route(A); }\nroute[A] { exit; }",
        "define": "#!define ZERO 0\nexit;",
        "assignment": "$var(x) = 1;\nexit;",
    }
    found = {way: Case("EX009", "found", way, script) for way, script in scripts.items()}
    quiet = [Case("EX009", "quiet", str(number), "exit;") for number in range(WANTED)]
    assert missing([about], [*found.values(), *quiet]) == []
    assert missing([about], [*found.values(), *quiet[1:]]) == ["EX009 quiet"]
    assert missing([about], [found["route"], found["define"], *quiet]) == ["EX009 found", "EX009 assignment"]
    for way in scripts:
        others = [case for name, case in found.items() if name != way]
        assert missing([about], [*others, others[0], *quiet]) == [f"EX009 {way}"]


def test_every_case_has_its_rule() -> None:
    assert {case.code for case in CASES} <= {rule.code for rule in all_rules()}
