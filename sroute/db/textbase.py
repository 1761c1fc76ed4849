"""A db_text directory as a database."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any

from sroute.db import dbtext
from sroute.db.database import Column, DbError, DbValue, Row, Where
from sroute.db.dbtext import TextTable

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, ">": gt, "<=": le, ">=": ge}
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")


class TextDatabase:
    """The tables of a directory, read when they are first asked for; changed files are replaced as a whole."""

    def __init__(self, url: str, directory: Path, *, write: bool, drafted: Callable[[], None]) -> None:
        """Without write, changes stay in memory, and `drafted` hears of the first one."""
        self.url = url
        self._directory = directory
        self._write = write
        self._drafted = drafted
        self._tables: dict[str, TextTable] = {}
        self._before: dict[str, list[Row]] | None = None

    def _table(self, name: str) -> TextTable:
        table = self._tables.get(name)
        if table is None:
            if not name or not _NAME.issuperset(name) or name.startswith("."):
                raise DbError(f"{self.url}: {name!r} is no table name")
            try:
                text = (self._directory / name).read_bytes().decode("latin-1")
            except OSError as error:
                raise DbError(f"{self.url}: table {name} does not exist ({error.strerror})") from None
            table = self._tables[name] = dbtext.parse(name, text)
        return table

    def columns(self, table: str) -> tuple[Column, ...]:
        """The columns of a table."""
        return self._table(table).columns

    def chosen(self, table: str, names: Sequence[str]) -> tuple[Column, ...]:
        """The columns of a query; names are compared as they are, blanks included."""
        columns = self.columns(table)
        return tuple(columns[place] for place in self._places(table, names))

    def _places(self, table: str, names: Sequence[str]) -> list[int]:
        known = [column.name for column in self._table(table).columns]
        try:
            return [known.index(name) for name in names]
        except ValueError:
            missing = next(name for name in names if name not in known)
            raise DbError(f"{self.url}: no such column in {table}: {missing}") from None

    def _matching(self, table: str, where: Where) -> Callable[[Row], bool]:
        tests = [(at, _COMPARE[w[1]], w[2]) for at, w in zip(self._places(table, [w[0] for w in where]), where, strict=True)]

        def matches(row: Row) -> bool:
            return all(_holds(row[at], compare, value) for at, compare, value in tests)

        return matches

    def query(
        self, table: str, columns: Sequence[str] = (), where: Where = (), order: str = "", limit: int = 0, fetch: int = 0
    ) -> Iterator[Row]:
        """Rows of a table."""
        rows = [row for row in self._table(table).rows if not where or self._matching(table, where)(row)]
        if order:
            by = self._places(table, [order])[0]
            rows.sort(key=lambda row: _sortable(row[by]))
        if limit:
            rows = rows[:limit]
        places = self._places(table, columns) if columns else range(len(self.columns(table)))
        return (tuple(row[at] for at in places) for row in rows)

    def insert(self, table: str, row: Mapping[str, DbValue]) -> None:
        """Adds a row, in front of all others."""
        self.insert_all(table, [row])

    def insert_all(self, table: str, rows: Sequence[Mapping[str, DbValue]]) -> None:
        """Adds rows, each in front of all others."""
        made = [self._made(table, row) for row in rows]
        with self._changing(table):
            self._table(table).rows[:0] = reversed(made)

    def _made(self, table: str, row: Mapping[str, DbValue]) -> Row:
        values = dict(zip(self._places(table, list(row)), row.values(), strict=True))
        found = self._table(table)
        for at, column in enumerate(found.columns):
            if values.setdefault(at, None) is None:
                if column.auto:
                    values[at] = found.next()
                elif not column.null:
                    raise DbError(f"{self.url}: column {column.name} of {table} may not be NULL")
        return tuple(values[at] for at in range(len(values)))

    def update(self, table: str, values: Mapping[str, DbValue], where: Where = ()) -> int:
        """Changes rows; how many."""
        found, matches = self._table(table), self._matching(table, where)
        changed = dict(zip(self._places(table, list(values)), values.values(), strict=True))
        affected = 0
        with self._changing(table):
            for number, row in enumerate(found.rows):
                if matches(row):
                    found.rows[number] = tuple(changed.get(at, value) for at, value in enumerate(row))
                    affected += 1
        return affected

    def replace(self, table: str, row: Mapping[str, DbValue], keys: Sequence[str]) -> None:
        """Changes the row that agrees in the key columns, or adds one."""
        if not self.update(table, row, [(key, "=", row[key]) for key in keys]):
            self.insert(table, row)

    def delete(self, table: str, where: Where = ()) -> int:
        """Deletes rows; how many."""
        found, matches = self._table(table), self._matching(table, where)
        left = [row for row in found.rows if not matches(row)]
        affected = len(found.rows) - len(left)
        with self._changing(table):
            found.rows[:] = left
        return affected

    def ask(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        """Always an error, as in Kamailio's db_text."""
        raise DbError(f"{self.url}: db_text takes no SQL")

    @contextmanager
    def _changing(self, table: str) -> Iterator[None]:
        """Around a change: keeps what was for a transaction, else writes the file."""
        if self._before is None:
            with self.transaction(), self._changing(table):
                yield
            return
        self._before.setdefault(table, list(self._tables[table].rows))
        yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside happen together or, after an exception, not at all."""
        if self._before is not None:
            yield
            return
        before: dict[str, list[Row]] = {}
        self._before = before
        try:
            yield
            self._flush(before)
        except BaseException:
            for table, rows in before.items():
                self._tables[table].rows[:] = rows
            raise
        finally:
            self._before = None

    def _flush(self, changed: Mapping[str, object]) -> None:
        if changed and not self._write:
            self._drafted()
        elif changed:
            for name in changed:
                _replace(self._directory / name, dbtext.compose(self._tables[name]))

    def close(self) -> None:
        """Forgets the tables."""
        self._tables.clear()


def _replace(path: Path, text: str) -> None:
    """Puts a new file in place of the old one in one step."""
    beside = path.with_name(f".{path.name}.new")
    try:
        with open(beside, "wb") as file:
            file.write(text.encode("latin-1"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise DbError(f"{path} can't be written: {error.strerror}") from None


def _holds(value: DbValue, compare: Callable[[Any, Any], bool], wanted: DbValue) -> bool:
    if value is None or wanted is None:
        return value is wanted if compare is eq else value is not wanted if compare is ne else False
    if isinstance(value, str) != isinstance(wanted, str):
        return compare(str(value), str(wanted))
    return compare(value, wanted)


def _sortable(value: DbValue) -> tuple[int, float, str]:
    if value is None:
        return 0, 0.0, ""
    return (1, 0.0, value) if isinstance(value, str) else (1, float(value), "")
