"""Comments that silence findings: `# sroute: ignore[HT014]` for a line or a block, `# sroute: ignore-file[ST]` for a file.

At the end of a line it is for that line. Alone on its line it is for the statement or the block that begins on the next line
with code.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sroute.linter.comments import line_comments
from sroute.linter.finding import Finding
from sroute.linter.rule import Edit, Fix, Found
from sroute.source.text import Source, Span
from sroute.syntax.nodes import Assign, CallStatement, If, Leave, LoadModule, ModParam, Route, Switch, While
from sroute.syntax.walk import Node

_IGNORE = re.compile(r"sroute:[ \t]*(ignore(?:-file)?)[ \t]*(?:\[([^\]]*)\])?")
BLOCKS = (Route, If, While, Switch, Assign, CallStatement, Leave, LoadModule, ModParam)
"""Nodes that a comment above them is about."""


@dataclass(slots=True)
class Ignore:
    """One comment: its codes, the lines that it is about (none: the whole file), and the codes that have been of use."""

    span: Span
    codes: tuple[str, ...]
    first: int
    last: int
    used: set[str] = field(default_factory=set)

    def takes(self, code: str, line: int) -> bool:
        """Whether it silences a finding of a code on a line; notes which of its codes did."""
        if not self.first <= line <= self.last:
            return False
        fitting = [mine for mine in self.codes if code.startswith(mine)]
        self.used.update(fitting)
        return bool(fitting)


def ignores(source: Source, nodes: Iterable[Node]) -> list[Ignore]:
    """The ignore comments of a file; nodes are those of the script that may be blocks."""
    if "sroute:" not in source.text:
        return []
    ends = _ends(source, nodes)
    found = []
    for span in line_comments(source):
        match = _IGNORE.search(span.text())
        if match is None:
            continue
        codes = tuple(code.strip().upper() for code in (match[2] or "").split(",") if code.strip())
        first, last = (1, len(source.text) + 1) if match[1] == "ignore-file" else _lines(span, ends)
        found.append(Ignore(span, codes, first, last))
    return found


def _ends(source: Source, nodes: Iterable[Node]) -> dict[int, int]:
    """The last line of the longest thing that begins on a line."""
    ends: dict[int, int] = {}
    for node in nodes:
        if isinstance(node, BLOCKS) and node.span.source is source:
            line = node.span.line
            ends[line] = max(ends.get(line, 0), node.span.finish.line)
    return ends


def _lines(span: Span, ends: dict[int, int]) -> tuple[int, int]:
    source, line = span.source, span.line
    if source.line(line)[: span.begin.column - 1].strip():
        return line, line
    below = line + 1
    while source.line(below).strip().startswith("#") and not source.line(below).strip().startswith("#!"):
        below += 1
    return below, ends.get(below, below)


def keep(findings: Iterable[Finding], known: dict[str, list[Ignore]]) -> Iterator[Finding]:
    """The findings that no comment silences; known are the comments by file."""
    for finding in findings:
        span = finding.span
        if span is None or not _silenced(finding, span, known.get(span.source.name, [])):
            yield finding


def _silenced(finding: Finding, span: Span, here: list[Ignore]) -> bool:
    line = span.line
    return sum(ignore.takes(finding.code, line) for ignore in here) > 0


def unused(known: dict[str, list[Ignore]]) -> Iterator[Found]:
    """Comments without codes, and codes that silence nothing."""
    for here in known.values():
        for ignore in here:
            idle = [code for code in ignore.codes if code not in ignore.used]
            if not ignore.codes:
                yield Found(ignore.span, "this ignore comment names no code", "write for example: # sroute: ignore[HT014]")
            elif idle:
                yield Found(ignore.span, f"nothing to ignore here: {', '.join(idle)}", "remove it", _without(ignore, idle))


def _without(ignore: Ignore, idle: list[str]) -> Fix:
    rest = [code for code in ignore.codes if code not in idle]
    span = ignore.span
    if rest:
        changed = re.sub(r"\[[^\]]*\]", f"[{', '.join(rest)}]", span.text(), count=1)
        return Fix("remove the codes that silence nothing", (Edit(span, changed),), safe=True)
    text, start = span.source.text, span.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    return Fix("remove the comment", (Edit(Span(span.source, start, span.end), ""),), safe=True)
