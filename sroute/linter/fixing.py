"""Applies fixes: edits that do not touch each other, again and again until nothing is left to mend.

A fix that makes a script worse (an error that was not there before) is taken back.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sroute.linter.finding import Finding
from sroute.linter.linter import Linted
from sroute.linter.rule import Edit
from sroute.source.text import Source

MAX_PASSES = 10


@dataclass(slots=True)
class Mended:
    """The main file and its text, the texts of files after all fixes as far as they changed, what is left, how many fixes were made."""

    main: str
    original: str
    texts: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    linted: Linted | None = None
    count: int = 0

    def diff(self) -> str:
        """The changes as a unified diff; texts are latin-1."""
        parts: list[str] = []
        for name, after in self.texts.items():
            old, new = self.before[name].splitlines(keepends=True), after.splitlines(keepends=True)
            lines = difflib.unified_diff(old, new, name, name)
            parts += [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
        return "".join(parts)


def mend(lint: Callable[[dict[str, str]], Linted], main: str, original: str, *, unsafe: bool) -> Mended:
    """Fixes what can be fixed; lint takes the texts of the files that have changed."""
    mended = Mended(main, original)
    linted = lint({})
    refused: set[tuple[str, str, int, int, str]] = set()
    for _ in range(MAX_PASSES):
        chosen = choose(linted.findings, unsafe=unsafe, without=refused)
        if not chosen:
            break
        after = _try(lint, linted, chosen, mended, refused)
        if after is None:
            continue
        linted = after
    mended.linted = linted
    return mended


def _try(
    lint: Callable[[dict[str, str]], Linted],
    linted: Linted,
    chosen: list[Finding],
    mended: Mended,
    refused: set[tuple[str, str, int, int, str]],
) -> Linted | None:
    """Makes the chosen fixes; if together they break the script, one by one, and those that do are remembered."""
    made = _made(linted, chosen, mended, lint)
    if made is not None:
        return made
    if len(chosen) == 1:
        refused.add(chosen[0].identity)
        return None
    for finding in chosen:
        alone = _made(linted, [finding], mended, lint)
        if alone is not None:
            return alone
        refused.add(finding.identity)
    return None


def _made(linted: Linted, chosen: list[Finding], mended: Mended, lint: Callable[[dict[str, str]], Linted]) -> Linted | None:
    texts = dict(mended.texts)
    for source, edits in _by_source(chosen).items():
        texts[source.name] = apply(source.text, edits)
    after = lint(texts)
    if _errors(after) > _errors(linted):
        return None
    for source in _by_source(chosen):
        mended.before.setdefault(source.name, source.text)
    mended.texts, mended.count = texts, mended.count + len(chosen)
    return after


def _errors(linted: Linted) -> int:
    return sum(finding.diagnostic.severity == "error" for finding in linted.findings)


def choose(findings: Sequence[Finding], *, unsafe: bool, without: Iterable[tuple[str, str, int, int, str]] = ()) -> list[Finding]:
    """The findings whose fixes can be made together: no two edits touch, and a place is edited once."""
    chosen: list[Finding] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    left_out = set(without)
    for finding in findings:
        fix = finding.fix
        if fix is None or not (fix.safe or unsafe) or finding.identity in left_out:
            continue
        spans = [(edit.span.start, edit.span.end) for edit in fix.edits]
        here = taken.setdefault(fix.edits[0].span.source.name, [])
        if not any(_touch(mine, other) for mine in spans for other in here):
            here += spans
            chosen.append(finding)
    return chosen


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _by_source(chosen: Iterable[Finding]) -> dict[Source, list[Edit]]:
    found: dict[Source, list[Edit]] = {}
    for finding in chosen:
        if finding.fix is not None:
            for edit in finding.fix.edits:
                found.setdefault(edit.span.source, []).append(edit)
    return found


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
