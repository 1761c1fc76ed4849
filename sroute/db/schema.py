"""Kamailio's own tables, as the database scripts of 5.6.3 make them: for tests, for trying things out, `sroute db create`."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from sroute.db import url as urls
from sroute.db.database import Column, DbError, DbValue, Kind
from sroute.db.url import DbUrl, Engine
from sroute.errors import UsageError
from sroute.source.nearest import did_you_mean

REGISTRY = "version"
"""The table that holds the layout version of all others."""
_KINDS = {"auto": Kind.INT, "int": Kind.INT, "double": Kind.DOUBLE, "datetime": Kind.DATETIME, "text": Kind.STRING, "blob": Kind.BLOB}
_TYPES: dict[Engine, dict[str, str]] = {
    "sqlite": {"auto": "INTEGER PRIMARY KEY", "int": "INTEGER", "double": "REAL", "datetime": "TIMESTAMP WITHOUT TIME ZONE"},
    "mysql": {"auto": "INT UNSIGNED AUTO_INCREMENT PRIMARY KEY", "text": "MEDIUMTEXT", "blob": "MEDIUMBLOB", "double": "DOUBLE"},
    "postgresql": {"auto": "SERIAL PRIMARY KEY", "double": "REAL", "datetime": "TIMESTAMP WITHOUT TIME ZONE", "blob": "BYTEA"},
    "text": {},
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One table: types are the words after the column names, as in the data file; unique and index are lists of columns."""

    name: str
    module: str
    version: int
    columns: tuple[Column, ...]
    types: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    index: tuple[tuple[str, ...], ...] = ()


def layouts() -> dict[str, Layout]:
    """All tables that are known, by name."""
    known = json.loads((files("sroute.db") / "layouts.json").read_text(encoding="utf-8"))
    return {name: _layout(name, described) for name, described in known.items()}


def _layout(name: str, described: dict[str, list[list[str]]]) -> Layout:
    columns, types = [], []
    for column, written, *default in described["columns"]:
        word = written.removesuffix("?")
        kind = _KINDS.get(word, Kind.STRING)
        auto = word == "auto"
        columns.append(Column(column, kind, written.endswith("?"), auto, auto, default[0] if default else None))
        types.append(word)
    return Layout(
        name,
        str(described["module"]),
        int(str(described["version"])),
        tuple(columns),
        tuple(types),
        tuple(map(tuple, described.get("unique", ()))),
        tuple(map(tuple, described.get("index", ()))),
    )


def create(url: str, tables: Iterable[str] = ()) -> list[str]:
    """Makes tables, all that are known or those named, and their rows in `version`; the names of what was made.

    Raises DbError, and UsageError for an unknown table.
    """
    wanted = _chosen(tables)
    parsed = urls.parse(url)
    if parsed.engine == "text":
        _make_files(Path(parsed.database), wanted)
    else:
        import_module("sroute.db.session").execute(parsed, list(_statements(wanted, parsed.engine)))
    return [layout.name for layout in wanted]


def _chosen(tables: Iterable[str]) -> list[Layout]:
    known = layouts()
    names = list(dict.fromkeys(tables)) or list(known)
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise UsageError(f"no table {name!r} is known{f': {hint}' if hint else ''}")
    if REGISTRY not in names:
        names.insert(0, REGISTRY)
    return [known[name] for name in names]


def _statements(wanted: list[Layout], engine: Engine) -> Iterator[str]:
    """SQL that makes the tables."""
    quote = "`" if engine == "mysql" else '"'
    for layout in wanted:
        lines = [_column(column, word, engine, quote) for column, word in zip(layout.columns, layout.types, strict=True)]
        lines += [f"UNIQUE ({', '.join(quote + name + quote for name in names)})" for names in layout.unique]
        yield f"CREATE TABLE {quote}{layout.name}{quote} (\n  " + ",\n  ".join(lines) + "\n)"
        for names in layout.index:
            listed = ", ".join(quote + name + quote for name in names)
            yield f"CREATE INDEX {quote}{layout.name}_{'_'.join(names)}_idx{quote} ON {quote}{layout.name}{quote} ({listed})"
    for layout in wanted:
        yield f"INSERT INTO version (table_name, table_version) VALUES ('{layout.name}', {layout.version})"


def _column(column: Column, word: str, engine: Engine, quote: str) -> str:
    made = f"{quote}{column.name}{quote} {_TYPES[engine].get(word, word.upper())}"
    if column.default is not None:
        made += f" DEFAULT {column.default}" if isinstance(column.default, int | float) else f" DEFAULT '{column.default}'"
    return made + ("" if column.null else " NOT NULL")


def _make_files(folder: Path, wanted: list[Layout]) -> None:
    """Tables of db_text."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for layout in wanted:
            text = _heading(layout) + "\n"
            if layout.name == REGISTRY:
                rows = [f"{number}:{each.name}:{each.version}\n" for number, each in enumerate(wanted, 1)]
                text += "".join(rows) if len(layout.columns) == 3 else "".join(row.partition(":")[2] for row in rows)
            with open(os.open(folder / layout.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="latin-1") as file:
                file.write(text)
    except OSError as error:
        raise DbError(f"{error.filename}: {error.strerror}") from None


def _heading(layout: Layout) -> str:
    words = {Kind.STRING: "string", Kind.BLOB: "string", Kind.DOUBLE: "double"}
    return " ".join(
        f"{column.name}({words.get(column.kind, 'int')}{',auto' if column.auto else ''}{',null' if column.null else ''})"
        for column in layout.columns
    )


def defaults(layout: Layout) -> dict[str, DbValue]:
    """A row in which every column has its default, and what has none is empty."""
    empty: dict[Kind, DbValue] = {Kind.STRING: "", Kind.BLOB: ""}
    return {
        column.name: column.default if column.default is not None or column.null else empty.get(column.kind, 0)
        for column in layout.columns
        if not column.auto
    }


__all__ = ["DbUrl", "Layout", "create", "defaults", "layouts"]
