"""Many files: one after the other, or on all cores."""

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sroute.dialect import DEFAULT, Dialect
from sroute.errors import UsageError
from sroute.linter import files, fixing
from sroute.linter.finding import Finding
from sroute.linter.linter import Linted, Request, lint
from sroute.linter.settings import Settings

WORTH_A_POOL = 4
BAR = 30


@dataclass(frozen=True, slots=True)
class Options:
    """How all files are linted."""

    settings: Settings = field(default_factory=Settings)
    defines: Mapping[str, str | None] = field(default_factory=dict)
    dialect: Dialect = DEFAULT
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
    all_branches: bool = False
    fragment: bool = False
    here: bool = False
    include_path: tuple[Path, ...] = ()
    stdin_name: str = "-"
    workers: int | None = None

    def request(self, path: str, texts: Mapping[str, str] | None = None) -> Request:
        """How one file is linted; texts are those that differ from the disk."""
        return Request(
            self.defines,
            self.dialect,
            self.settings.selection(path, self.select, self.ignore, self.extend),
            self.all_branches,
            self.fragment,
            self.here,
            files.reader(self.include_path, texts),
        )


def lint_all(paths: list[str], options: Options, *, progress: bool = False) -> Linted:
    """The findings in all files; what is found in a file that several include is found once."""
    results = _in_parallel(paths, options, progress=progress) if len(paths) >= WORTH_A_POOL else (_one(path, options) for path in paths)
    found: dict[tuple[str, str, int, int, str], Finding] = {}
    for linted in results:
        for finding in linted.findings:
            found.setdefault(finding.identity, finding)
    order = {path: number for number, path in enumerate(paths)}
    ordered = sorted(found.values(), key=lambda finding: (order.get(finding.order[0], len(order)), finding.order))
    return Linted(tuple(ordered), ())


def _text(path: str) -> str:
    if path != "-":
        return files.read(path)
    return sys.stdin.buffer.read().decode("latin-1")


def _one(path: str, options: Options) -> Linted:
    name = options.stdin_name if path == "-" else path
    return lint(name, _text(path), options.request(name))


def _in_parallel(paths: list[str], options: Options, *, progress: bool) -> Iterator[Linted]:
    missing = next((path for path in paths if path != "-" and not os.path.exists(path)), None)
    if missing is not None:
        raise UsageError(f"{missing}: no such file or directory")
    workers = min(options.workers or len(os.sched_getaffinity(0)), len(paths))
    # Imported when there are many files only: it takes as long as linting a small one.
    futures = importlib.import_module("concurrent.futures")
    with futures.ProcessPoolExecutor(workers) as pool, _bar(len(paths), shown=progress) as step:
        for linted in pool.map(_one, paths, [options] * len(paths), chunksize=max(1, min(8, len(paths) // (4 * workers)))):
            step()
            yield linted


@contextmanager
def _bar(total: int, *, shown: bool, to: TextIO = sys.stderr) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal: a function that is called for each file."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if shown:
            full = BAR * done // total
            to.write(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{total}")
            to.flush()

    try:
        yield step
    finally:
        if shown:
            to.write("\r" + " " * (BAR + 24) + "\r")
            to.flush()


def mend(path: str, options: Options, *, unsafe: bool) -> fixing.Mended:
    """Fixes a file and what it includes; nothing is written."""
    name = options.stdin_name if path == "-" else path
    original = _text(path)

    def again(texts: dict[str, str]) -> Linted:
        return lint(name, texts.get(name, original), options.request(name, texts))

    return fixing.mend(again, name, original, unsafe=unsafe)
