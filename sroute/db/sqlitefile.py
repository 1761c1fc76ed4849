"""A SQLite file that a script names: opened when it is first needed, copied before the first change unless it may be written."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from sroute.db.database import Column, Database, DbError, DbValue, Row, Where

_HEADER = b"SQLite format 3\0"


class SqliteFile:
    """One file; a missing one is an empty database, as it is for Kamailio (which creates the file)."""

    def __init__(self, url: str, path: Path, *, write: bool, drafted: Callable[[], None]) -> None:
        """Without write, changes go to a temporary copy, and `drafted` hears of the first one."""
        self.url = url
        self._path = path
        self._write = write
        self._drafted = drafted
        self._database: Database | None = None
        self._writable = False
        self._folder: TemporaryDirectory[str] | None = None

    def _reading(self) -> Database:
        if self._database is None:
            if self._write or not self._path.exists() or self._beside("-journal"):
                return self._moved()
            self._checked()
            self._database = self._session(self._path, read_only=True)
        return self._database

    def _writing(self) -> Database:
        if not self._write:
            self._drafted()
        return self._moved()

    def _moved(self) -> Database:
        if self._database is None or not self._writable:
            path = self._path if self._write else self._copy()
            if self._database is not None:
                self._database.close()
            self._database = self._session(path, read_only=False)
            self._writable = True
        return self._database

    def _session(self, path: Path, *, read_only: bool) -> Database:
        # SQLAlchemy takes a while to import, and most scripts never get here.
        made: Database = import_module("sroute.db.session").open_sqlite(self.url, str(path), read_only=read_only)
        return made

    def _checked(self) -> None:
        """A script may name any file, but only a database is read."""
        try:
            with open(self._path, "rb") as file:
                head = file.read(len(_HEADER))
        except OSError as error:
            raise DbError(f"{self.url}: unable to open database file ({error.strerror})") from None
        if head not in (b"", _HEADER):
            raise DbError(f"{self.url}: file is not a database")

    def _beside(self, suffix: str) -> Path | None:
        """A file that SQLite keeps beside the database; a journal is that of a process that died while it wrote."""
        path = self._path.with_name(self._path.name + suffix)
        return path if path.is_file() else None

    def _copy(self) -> Path:
        self._folder = TemporaryDirectory(prefix="sroute-db-")
        copy = Path(self._folder.name) / self._path.name
        if self._path.exists():
            self._checked()
            try:
                if journal := self._beside("-journal"):
                    # Only a copy can be put right without writing beside the original.
                    shutil.copyfile(self._path, copy)
                    shutil.copyfile(journal, copy.with_name(journal.name))
                else:
                    self._backup(copy)
            except (sqlite3.Error, OSError) as error:
                raise DbError(f"{self.url}: {error}") from None
        return copy

    def _backup(self, copy: Path) -> None:
        source = f"{self._path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(source, uri=True)) as original, closing(sqlite3.connect(copy)) as target:
            original.backup(target)

    def columns(self, table: str) -> tuple[Column, ...]:
        """The columns of a table."""
        return self._reading().columns(table)

    def chosen(self, table: str, names: Sequence[str]) -> tuple[Column, ...]:
        """The columns that a query with these names gives."""
        return self._reading().chosen(table, names)

    def query(
        self, table: str, columns: Sequence[str] = (), where: Where = (), order: str = "", limit: int = 0, fetch: int = 0
    ) -> Iterator[Row]:
        """Rows of a table."""
        return self._reading().query(table, columns, where, order, limit, fetch)

    def insert(self, table: str, row: Mapping[str, DbValue]) -> None:
        """Adds a row."""
        self._writing().insert(table, row)

    def insert_all(self, table: str, rows: Sequence[Mapping[str, DbValue]]) -> None:
        """Adds rows."""
        self._writing().insert_all(table, rows)

    def update(self, table: str, values: Mapping[str, DbValue], where: Where = ()) -> int:
        """Changes rows; how many."""
        return self._writing().update(table, values, where)

    def replace(self, table: str, row: Mapping[str, DbValue], keys: Sequence[str]) -> None:
        """Changes the row that agrees in the key columns, or adds one."""
        self._writing().replace(table, row, keys)

    def delete(self, table: str, where: Where = ()) -> int:
        """Deletes rows; how many."""
        return self._writing().delete(table, where)

    def ask(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        """A statement as it is written; one that changes something goes to the copy."""
        try:
            return self._reading().ask(sql)
        except DbError as error:
            if "readonly database" not in str(error):
                raise
        return self._writing().ask(sql)

    def transaction(self) -> AbstractContextManager[None]:
        """All changes inside happen together or, after an exception, not at all."""
        return self._writing().transaction()

    def close(self) -> None:
        """Lets go of the file, and of the copy."""
        if self._database is not None:
            self._database.close()
            self._database = None
            self._writable = False
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
