"""The settings of a project: `sroute.toml`, or `[tool.sroute]` of `pyproject.toml`, in the nearest folder upwards."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sroute.errors import UsageError

FILES = ("sroute.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Project:
    """The folder in which the settings stand, and the settings by command."""

    folder: Path
    tables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    file: Path | None = None

    def table(self, command: str) -> "Table":
        """The settings of one command."""
        return Table(self, command, self.tables.get(command, {}))


@dataclass(frozen=True, slots=True)
class Table:
    """The settings of a command. A value of the wrong kind is a mistake of the user."""

    project: Project
    name: str
    values: Mapping[str, object]

    def known(self, *names: str) -> None:
        """Refuses settings that nobody reads.

        Raises UsageError.
        """
        for name in self.values:
            if name not in names:
                raise UsageError(f"{self._place(name)}: unknown setting; there are {', '.join(sorted(names))}")

    def texts(self, name: str) -> tuple[str, ...] | None:
        """A list of strings, or one string; None when it is not set."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise UsageError(f"{self._place(name)}: a list of strings is expected")

    def text(self, name: str) -> str | None:
        """A string; None when it is not set."""
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        raise UsageError(f"{self._place(name)}: a string is expected")

    def flag(self, name: str) -> bool:
        """Yes or no; no when it is not set."""
        value = self.values.get(name, False)
        if isinstance(value, bool):
            return value
        raise UsageError(f"{self._place(name)}: true or false is expected")

    def lists(self, name: str) -> dict[str, tuple[str, ...]]:
        """Lists of strings by name."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise UsageError(f"{self._place(name)}: a table of lists is expected")
        inner = Table(self.project, f"{self.name}.{name}", value)
        return {key: inner.texts(key) or () for key in value}

    def _place(self, name: str) -> str:
        return f"{self.project.file or 'settings'}: {self.name}.{name}"


def find(start: Path) -> Project:
    """The settings that hold for files in a folder; empty ones when there are none.

    Raises UsageError for a file that is no TOML.
    """
    whole = start.resolve()
    for folder in (whole, *whole.parents):
        for name in FILES:
            found = read(folder / name)
            if found is not None:
                return found
    return Project(whole)


def read(file: Path) -> Project | None:
    """The settings in a file; None when it is not there or a pyproject.toml without any.

    Raises UsageError for a file that is no TOML.
    """
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{file}: {error}") from None
    tool = content.get("tool", {})
    tables = tool.get("sroute") if isinstance(tool, dict) else None
    if tables is None and file.name != "pyproject.toml":
        tables = content
    if not isinstance(tables, dict):
        return None
    return Project(file.parent, {name: table for name, table in tables.items() if isinstance(table, dict)}, file)
