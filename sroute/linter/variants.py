"""The variants of a script that together read every branch of every conditional, each under defines that can hold.

Branches are gathered as far as they do not contradict each other, so two or three variants are enough for most scripts, and there
are never more than branches.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sroute.dialect import Dialect
from sroute.source.text import Span
from sroute.syntax.defines import Conditional, Test
from sroute.syntax.reader import Reader
from sroute.syntax.scanner import Scanned, scan

Branch = tuple[str, int, bool]
"""A file, where the conditional begins in it, and whether it is the branch behind `#!else`."""
Tests = tuple[Test, ...]
SHOWN = 3
MOST_SPOILED = 12
"""So often what stands beside a branch that is no script is read again; a file with more of them is read as far as it goes."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The defines of a variant, those of them that were added to the user's, and its conditionals."""

    defines: dict[str, str | None]
    added: tuple[str, ...] = ()
    conditionals: tuple[Conditional, ...] = ()
    base: bool = True

    def condition(self, span: Span | None) -> str:
        """The condition under which a place is read, or under which what is found there holds; empty in the script as it is."""
        if self.base:
            return ""
        around = [test for conditional in self.conditionals for test in _around(conditional, span)]
        tests = list(dict.fromkeys(around or [(name, True) for name in self.added]))
        more = f" and {len(tests) - SHOWN} more" if len(tests) > SHOWN else ""
        wanted = [name for name, defined in tests[:SHOWN] if defined and name]
        unwanted = [name for name, defined in tests[:SHOWN] if not defined and name]
        parts = [f"with {', '.join(wanted)}"] * bool(wanted) + [f"without {', '.join(unwanted)}"] * bool(unwanted)
        return " ".join(parts) + more


def _around(conditional: Conditional, span: Span | None) -> Iterator[Test]:
    """What a conditional asks of a place that lies in one of its branches."""
    end = conditional.end
    if span is None or end is None or conditional.place.source.name != span.source.name:
        return
    if conditional.place.end <= span.start < end.start:
        other = conditional.other
        yield conditional.asks(behind_else=other is not None and span.start >= other.end)


class Variants:
    """Iterates over the variants; who reads one says what in it could not be parsed."""

    def __init__(self, path: str, text: str, given: Mapping[str, str | None], dialect: Dialect, reader: Reader) -> None:
        """given are the defines of the user, which hold in every variant."""
        self._path, self._text, self._given = path, text, given
        self._dialect, self._reader = dialect, reader
        self._waiting: dict[Branch, Tests] = {}
        self._known: dict[Branch, Tests] = {}
        self._news: list[Branch] = []
        self._spoiled = 0
        self._unfit: set[str] = set()
        """Names that the script defines itself and refuses on the command line, or whose branch is no script."""

    def __iter__(self) -> Iterator[Variant]:
        """The script as it is, then variants until every branch that can be read has been."""
        first = self._scan({})
        yield Variant(dict(self._given), conditionals=first.conditionals)
        self._note(first)
        while self._waiting:
            wanted = self._gather()
            scanned = self._scan(wanted)
            if self._clashes(scanned):
                continue
            self._note(scanned)
            if not self._news:
                wanted = dict(next(iter(self._waiting.values())))
                scanned = self._scan(wanted)
                self._note(scanned)
                if not self._news or self._clashes(scanned):
                    self._waiting.pop(next(iter(self._waiting), ("", 0, False)), None)
                    continue
            added = tuple(name for name, defined in wanted.items() if defined)
            yield Variant(self._defines(wanted), added, scanned.conditionals, base=False)

    def spoiled(self, variant: Variant, errors: Iterable[Span]) -> None:
        """Some places of a variant can't be parsed: what it read besides them is read again without them."""
        if variant.base:
            return
        tests = {test for span in errors for conditional in variant.conditionals for test in _around(conditional, span)}
        unfit = {name for name, defined in tests if defined and name in variant.added} - self._unfit
        if unfit:
            self._unfit |= unfit
            self._spoiled += 1
        if unfit and self._spoiled <= MOST_SPOILED:
            again = {branch: self._known[branch] for branch in self._news}
            self._waiting.update((branch, asked) for branch, asked in again.items() if not self._needs_unfit(asked))

    def _needs_unfit(self, tests: Tests) -> bool:
        return any(defined and name in self._unfit for name, defined in tests)

    def _defines(self, wanted: Mapping[str, bool]) -> dict[str, str | None]:
        return {**self._given, **{name: None for name, defined in wanted.items() if defined and name not in self._given}}

    def _scan(self, wanted: Mapping[str, bool]) -> Scanned:
        defines = self._defines(wanted)
        return scan(self._path, self._text, defines=defines, dialect=self._dialect, reader=self._reader, skip_missing=True)

    def _note(self, scanned: Scanned) -> None:
        """Strikes out what has been read, and adds what has not and was not known yet."""
        self._news = []
        for conditional in scanned.conditionals:
            for behind_else in (False, True) if conditional.other is not None else (False,):
                branch = (conditional.place.source.name, conditional.place.start, behind_else)
                tests = (*conditional.outer, conditional.asks(behind_else=behind_else))
                read = conditional.read[behind_else]
                if read and (branch in self._waiting or branch not in self._known):
                    self._news.append(branch)
                    self._waiting.pop(branch, None)
                elif not read and branch not in self._known:
                    self._waiting[branch] = tests
                self._known.setdefault(branch, tests)

    def _clashes(self, scanned: Scanned) -> bool:
        """Whether a name that was added is defined by the script as well; then it is left alone from now on."""
        clashing = {word for found in scanned.diagnostics if found.code == "PP004" for word in found.message.split()}
        asked = {name for tests in self._waiting.values() for name, _ in tests}
        new = (asked & clashing) - self._unfit - set(self._given)
        self._unfit |= new
        return bool(new)

    def _gather(self) -> dict[str, bool]:
        """As many waiting branches as do not contradict each other."""
        wanted: dict[str, bool] = {}
        for tests in list(self._waiting.values()):
            if all(self._agrees(wanted, test) for test in tests) and len(dict(tests)) == len(set(tests)):
                wanted.update(tests)
        return wanted

    def _agrees(self, wanted: Mapping[str, bool], test: Test) -> bool:
        name, defined = test
        if not name or (defined and name in self._unfit) or (not defined and name in self._given):
            return False
        return wanted.get(name, defined) == defined
