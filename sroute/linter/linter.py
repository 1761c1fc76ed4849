"""Lints one script: what Kamailio refuses, found by what `run` uses, and what the rules say beyond that."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sroute.dialect import DEFAULT, Dialect
from sroute.instance.api import DEPTH, check_start
from sroute.linter import fragments, suppression
from sroute.linter.finding import Finding, of_rule, with_fix
from sroute.linter.registry import all_rules
from sroute.linter.rule import LoadRule, NodeRule, Rule, ScriptRule
from sroute.linter.rules.suppressions.unused_ignore import UnusedIgnore
from sroute.linter.selection import Selection
from sroute.linter.subject import Circumstances, Subject
from sroute.linter.suppression import Ignore
from sroute.linter.variants import Variant, Variants
from sroute.modules.catalog import Catalog
from sroute.resolve.resolver import resolve
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source, Span
from sroute.syntax.parser import Parsed, parse, uncollected
from sroute.syntax.reader import Reader, read_file

FOLLOWING = frozenset(["RT001", "RT002", "RT004", "MD003", "MD010", "PV002", "PP013"])
"""What may only follow from a part of the script that could not be read."""


@dataclass(frozen=True, slots=True)
class Request:
    """How to lint: the defines of `-A`, the version, which findings are wanted, whether all branches are looked at."""

    defines: Mapping[str, str | None] = field(default_factory=dict)
    dialect: Dialect = DEFAULT
    selection: Selection = field(default_factory=Selection)
    all_branches: bool = False
    fragment: bool = False
    here: bool = False
    reader: Reader = read_file


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in a script, in order, and the files that were read."""

    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]


def lint(path: str, text: str, request: Request | None = None) -> Linted:
    """Everything there is to say about a script; its text is latin-1."""
    request = request or Request()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEPTH))
    with uncollected():
        made = _Lint(path, text, request)
        made.run()
        return made.result()


class _Lint:
    """One script with its variants: findings are collected over all of them, each once."""

    def __init__(self, path: str, text: str, request: Request) -> None:
        self.path, self.text, self.request = path, text, request
        self.rules = [rule for rule in all_rules() if request.selection.wants(rule.code)]
        self.found: dict[tuple[str, str, int, int, str], Finding] = {}
        self.ignores: dict[str, list[Ignore]] = {}
        self.sources: dict[str, Source] = {}

    def run(self) -> None:
        """Looks at the script as it is, and with all branches at the variants of it."""
        request = self.request
        if not request.all_branches:
            self.add(Variant(dict(request.defines)))
            return
        search = Variants(self.path, self.text, request.defines, request.dialect, request.reader)
        for variant in search:
            search.spoiled(variant, self.add(variant))

    def add(self, variant: Variant) -> list[Span]:
        """Takes the findings of a variant; gives the places that could not be parsed."""
        broken = []
        for finding in self.variant(variant):
            self.found.setdefault(finding.identity, finding.under(variant.condition(finding.span)))
            if finding.span is not None and finding.diagnostic.severity == "error" and finding.code.startswith("SY"):
                broken.append(finding.span)
        return broken

    def result(self) -> Linted:
        """What is left when comments and the selection have had their say."""
        wanted = [finding for finding in self.found.values() if self.request.selection.wants(finding.code)]
        kept = list(suppression.keep(wanted, self.ignores))
        if self.request.selection.wants(UnusedIgnore.code):
            idle = [of_rule(UnusedIgnore(), found) for found in suppression.unused(self._judged())]
            kept += suppression.keep(idle, self.ignores)
        return Linted(tuple(sorted(kept, key=lambda finding: finding.order)), tuple(self.sources.values()))

    def _judged(self) -> dict[str, list[Ignore]]:
        """The ignore comments, without codes of rules that have not run."""
        wants = self.request.selection.wants
        judged: dict[str, list[Ignore]] = {}
        for name, here in self.ignores.items():
            judged[name] = [ignore for ignore in here if not ignore.codes or any(wants(code) for code in ignore.codes)]
        return judged

    # ------------------------------------------------------------ one variant

    def variant(self, variant: Variant) -> Iterator[Finding]:
        """The findings under some defines."""
        subject, diagnostics = self.load(variant)
        self.note_sources(subject)
        fixers = {rule.code: rule for rule in self.rules if isinstance(rule, LoadRule)}
        for diagnostic in diagnostics:
            fixer = fixers.get(diagnostic.code)
            yield with_fix(diagnostic, fixer.fix(diagnostic, subject) if fixer else None)
        for rule in self.rules:
            yield from _apply(rule, subject)

    def load(self, variant: Variant) -> tuple[Subject, list[Diagnostic]]:
        """The script resolved, and what its reading and its start refuse."""
        request = self.request
        parsed = self.parse(variant)
        catalog = Catalog(request.dialect)
        if request.fragment:
            program = fragments.resolve_fragment(parsed.script, request.dialect, catalog)
        else:
            program = resolve(parsed.script, request.dialect, catalog)
        diagnostics = list(parsed.diagnostics)
        if not parsed.ok:
            program.diagnostics[:] = [found for found in program.diagnostics if not _follows(found, parsed.diagnostics)]
        diagnostics += program.diagnostics
        if parsed.ok and not program.refused and not request.fragment:
            diagnostics += check_start(program)
        program.diagnostics[:] = diagnostics
        circumstances = Circumstances(request.fragment, request.here, not parsed.ok, frozenset(variant.defines))
        return Subject(program, circumstances), diagnostics

    def parse(self, variant: Variant) -> Parsed:
        request = self.request
        arguments = {"defines": variant.defines, "dialect": request.dialect, "reader": request.reader, "env": dict(os.environ)}
        if request.fragment:
            return fragments.parse_fragment(self.path, self.text, **arguments)  # type: ignore[arg-type]
        return parse(self.path, self.text, **arguments)  # type: ignore[arg-type]

    def note_sources(self, subject: Subject) -> None:
        """Remembers the files and their ignore comments."""
        for source in subject.sources:
            if source.name not in self.sources:
                self.sources[source.name] = source
                blocks = (node for kind in suppression.BLOCKS for node in subject.tree.each(kind))
                self.ignores[source.name] = suppression.ignores(source, blocks)


def _follows(found: Diagnostic, errors: Iterable[Diagnostic]) -> bool:
    """Whether a finding may only follow from a part that could not be read."""
    span = found.span
    if found.code in FOLLOWING or span is None or span.start == span.end:
        return True  # an empty span is that of something that the parser put in
    spans = (error.span for error in errors if error.span is not None)
    return any(other.source is span.source and other.start < span.end and span.start < other.end for other in spans)


def _apply(rule: Rule, subject: Subject) -> Iterator[Finding]:
    if isinstance(rule, NodeRule):
        for kind in rule.nodes:
            for node in subject.tree.each(kind):
                for found in rule.check(node, subject):
                    yield of_rule(rule, found)
    elif isinstance(rule, ScriptRule):
        for found in rule.check(subject):
            yield of_rule(rule, found)
