"""Every rule: its page, its examples, its fix. The examples are the first tests of a rule; more are in `cases`."""

import re

import pytest

from sroute.linter.fixing import apply, mend
from sroute.linter.linter import Linted, lint
from sroute.linter.registry import all_rules
from sroute.linter.rule import Bad, LoadRule, Rule
from tests.unit.linter.scripts import body, linted_for, whole

RULES = all_rules()
BAD = [(rule, example) for rule in RULES for example in rule.bad]
GOOD = [(rule, script) for rule in RULES for script in rule.texts]
FIXED = [(rule, example) for rule, example in BAD if example.fixed is not None]


def named(rules: list[tuple[Rule, object]]) -> list[str]:
    return [f"{rule.code}-{number}" for number, (rule, _) in enumerate(rules)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{2}[0-9]{3}", rule.code)
    assert rule.summary.endswith(".")
    assert rule.why
    assert rule.bad
    assert rule.good
    assert isinstance(rule, LoadRule) or rule.severity != "error"


def test_codes_are_unique() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(("rule", "example"), BAD, ids=named([*BAD]))
def test_bad(rule: Rule, example: Bad) -> None:
    found = [finding for finding in linted_for(rule, example.text).findings if finding.code == rule.code]
    assert [finding.span.text() if finding.span else "" for finding in found] == list(example.marked)
    others = [
        finding
        for finding in linted_for(rule, example.text).findings
        if finding.diagnostic.severity == "error" and finding.code != rule.code
    ]
    assert not others


@pytest.mark.parametrize(("rule", "script"), GOOD, ids=named([*GOOD]))
def test_good(rule: Rule, script: str) -> None:
    found = [
        finding.diagnostic
        for finding in linted_for(rule, script).findings
        if finding.code == rule.code or finding.diagnostic.severity == "error"
    ]
    assert not found


@pytest.mark.parametrize(("rule", "example"), FIXED, ids=named([*FIXED]))
def test_fix(rule: Rule, example: Bad) -> None:
    text = whole(example.text)

    def again(texts: dict[str, str]) -> Linted:
        found = lint("example.cfg", texts.get("example.cfg", text))
        return Linted(tuple(finding for finding in found.findings if finding.code == rule.code), found.sources)

    mended = mend(again, "example.cfg", text, unsafe=True)
    after = mended.texts.get("example.cfg", text)
    assert body(after, example.text) == example.mended
    assert not mend(again, "example.cfg", after, unsafe=True).texts or mended.linted is not None
    assert not [finding for finding in lint("example.cfg", after).findings if finding.diagnostic.severity == "error"]


@pytest.mark.parametrize(("rule", "example"), FIXED, ids=named([*FIXED]))
def test_fix_changes_nothing_outside(rule: Rule, example: Bad) -> None:
    text = whole(example.text)
    for finding in linted_for(rule, example.text).findings:
        if finding.code == rule.code and finding.fix is not None:
            edits = finding.fix.edits
            first, last = min(edit.span.start for edit in edits), max(edit.span.end for edit in edits)
            after = apply(text, edits)
            assert after[:first] == text[:first]
            assert after.endswith(text[last:])
