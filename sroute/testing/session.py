"""Runs many cases: which scripts are cases, which of them are chosen, and what came of each."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sroute.errors import UsageError
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source
from sroute.testing.expectations import Case, read
from sroute.testing.notation import notation
from sroute.testing.outcome import differences
from sroute.testing.runner import Setup, run


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case: what differs, or why it could not be run."""

    path: Path
    seconds: float
    differences: tuple[Diagnostic, ...] = ()
    mistake: str | None = None

    @property
    def word(self) -> str:
        """`passed`, `failed` or `error`."""
        if self.mistake is not None:
            return "error"
        return "failed" if self.differences else "passed"


def collect(paths: Sequence[Path]) -> list[Path]:
    """The scripts that are named, and those in named folders that carry expectations; UsageError for a path that is not there."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [script for script in sorted(path.rglob("*.cfg")) if _expects(script)]
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"{path}: no such file or folder")
    return list(dict.fromkeys(found))


def _expects(script: Path) -> bool:
    """Whether a script carries expectations, in comments or beside it; one whose comments make no sense counts: running it says so."""
    if script.with_suffix(".sent").exists():
        return True
    try:
        return any(comment.key.startswith("expect") for comment in notation(Source(str(script), script.read_bytes().decode("latin-1"))))
    except UsageError:
        return True
    except OSError:
        return False


def chosen(paths: Iterable[Path], words: str) -> list[Path]:
    """The paths that fit `WORD`, `not WORD`, `A and B`, `A or B` (or binds loosest); a word fits as part of the path, in any case."""
    return [path for path in paths if any(_fits_all(str(path).lower(), part.split(" and ")) for part in words.lower().split(" or "))]


def _fits_all(path: str, conditions: list[str]) -> bool:
    return all((word.strip().removeprefix("not ").strip() in path) is not word.strip().startswith("not ") for word in conditions)


def run_all(paths: Iterable[Path], setup: Callable[[Case], Setup | None]) -> Iterator[Result]:
    """Run cases one after the other; `setup` says what one runs with."""
    for path in paths:
        begin = time.perf_counter()
        try:
            case = read(path)
            found = tuple(differences(case, run(case, setup(case))))
        except UsageError as mistake:
            yield Result(path, time.perf_counter() - begin, mistake=str(mistake))
        else:
            yield Result(path, time.perf_counter() - begin, found)
