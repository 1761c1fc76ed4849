"""What the user wants from the linter: options of the command over those of the project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from sroute.linter.registry import codes
from sroute.linter.selection import ALL, Selection, checked
from sroute.project import Project

NAMES = (
    *("select", "ignore", "extend-select", "define", "include-path", "kamailio", "fail-on", "baseline", "per-file-ignores"),
    *("all-branches", "exclude"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a project for the linter; empty where it says nothing."""

    select: tuple[str, ...] = (ALL,)
    ignore: tuple[str, ...] = ()
    define: tuple[str, ...] = ()
    include_path: tuple[Path, ...] = ()
    kamailio: str | None = None
    fail_on: str | None = None
    baseline: Path | None = None
    all_branches: bool = False
    exclude: tuple[str, ...] = ()
    per_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    folder: Path = Path()

    def selection(self, file: str, select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), extend: tuple[str, ...] = ()) -> Selection:
        """Which findings are wanted for a file; select takes the place of the project's, the others are added to it."""
        mine = [code for pattern, codes in self.per_file.items() if self._fits(file, pattern) for code in codes]
        return Selection((*(select or self.select), *extend), (*self.ignore, *ignore, *mine))

    def excludes(self, file: str) -> bool:
        """Whether a file is left out when a folder is searched."""
        return any(self._fits(file, pattern) for pattern in self.exclude)

    def _fits(self, file: str, pattern: str) -> bool:
        path = Path(file).resolve()
        inside = path.relative_to(self.folder.resolve()) if path.is_relative_to(self.folder.resolve()) else path
        return fnmatch(str(inside), pattern) or fnmatch(path.name, pattern) or fnmatch(str(path), pattern)


def of_project(project: Project) -> Settings:
    """The settings in a project's file.

    Raises UsageError for a mistake in them.
    """
    table = project.table("lint")
    table.known(*NAMES)
    known = codes()
    select = checked(table.texts("select") or (ALL,), known)
    baseline = table.text("baseline")
    return Settings(
        select=(*select, *checked(table.texts("extend-select") or (), known)),
        ignore=checked(table.texts("ignore") or (), known),
        define=table.texts("define") or (),
        include_path=tuple(project.folder / path for path in table.texts("include-path") or ()),
        kamailio=table.text("kamailio"),
        fail_on=table.text("fail-on"),
        baseline=project.folder / baseline if baseline else None,
        all_branches=table.flag("all-branches"),
        exclude=table.texts("exclude") or (),
        per_file={pattern: checked(given, known) for pattern, given in table.lists("per-file-ignores").items()},
        folder=project.folder,
    )
