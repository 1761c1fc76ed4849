"""SQL databases, by SQLAlchemy: SQLite files, MySQL or MariaDB, PostgreSQL."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from sroute.db import sqlite_types
from sroute.db.database import Column, DbError, DbValue, Kind, Row, Where
from sroute.db.url import DbUrl
from sroute.runtime.values import wrap32

STEP, MOST_STEPS = 1_000_000, 1_000
"""SQLite is asked after a million of its own steps; a thousand million end a connection's work."""
EXTRAS = {"mysql": "mysql", "postgresql": "postgres"}
_COMPARE = {"=": "__eq__", "!=": "__ne__", "<": "__lt__", ">": "__gt__", "<=": "__le__", ">=": "__ge__"}


class SqlDatabase:
    """One SQL database on an engine of SQLAlchemy's."""

    def __init__(self, url: str, engine: sa.Engine) -> None:
        """url is what messages call it; the engine is disposed of at the end."""
        self.url = url
        self._engine = engine
        self._columns: dict[str, tuple[Column, ...]] = {}
        self._open: sa.Connection | None = None

    def columns(self, table: str) -> tuple[Column, ...]:
        """The columns of a table."""
        found = self._columns.get(table)
        if found is None:
            with _errors(self.url), self._connected() as connection:
                found = self._columns[table] = self._inspected(connection, table)
            if not found:
                del self._columns[table]
                raise DbError(f"{self.url}: no such table: {table}")
        return found

    def _inspected(self, connection: sa.Connection, table: str) -> tuple[Column, ...]:
        listed = sa.inspect(connection).get_columns(table)
        keys = set(sa.inspect(connection).get_pk_constraint(table)["constrained_columns"])
        return tuple(
            Column(c["name"], _kind(c["type"]), bool(c["nullable"]), c["name"] in keys, c.get("autoincrement") is True) for c in listed
        )

    def chosen(self, table: str, names: Sequence[str]) -> tuple[Column, ...]:
        """The columns that a query with these names gives."""
        return tuple(self._named(table, names))

    def _named(self, table: str, names: Sequence[str]) -> list[Column]:
        known = {column.name.lower(): column for column in self.columns(table)}
        try:
            return [known[name.strip().lower()] for name in names] if names else list(known.values())
        except KeyError as error:
            raise DbError(f"{self.url}: no such column in {table}: {error.args[0]}") from None

    def query(
        self, table: str, columns: Sequence[str] = (), where: Where = (), order: str = "", limit: int = 0, fetch: int = 0
    ) -> Iterator[Row]:
        """Rows of a table."""
        wanted = self._named(table, columns)
        statement: sa.Select[*tuple[Any, ...]] = sa.select(*[sa.column(column.name) for column in wanted])
        statement = statement.select_from(sa.table(table)).where(*self._conditions(table, where))
        if order:
            statement = statement.order_by(sa.column(self._named(table, [order])[0].name))
        if limit:
            statement = statement.limit(limit)
        inward, kinds = self._inward, [column.kind for column in wanted]
        rows = self._fetched(statement, fetch) if fetch else self._all(statement)
        return (tuple(inward(value, kind) for value, kind in zip(row, kinds, strict=True)) for row in rows)

    def _all(self, statement: sa.Executable) -> Iterable[sa.Row[Any]]:
        with _errors(self.url), self._connected() as connection:
            return connection.execute(statement).fetchall()

    def _fetched(self, statement: sa.Executable, fetch: int) -> Iterator[sa.Row[Any]]:
        with _errors(self.url), self._connected() as connection:
            result = connection.execute(statement, execution_options={"stream_results": True})
            while rows := result.fetchmany(fetch):
                yield from rows

    def _conditions(self, table: str, where: Where) -> list[sa.ColumnElement[bool]]:
        made = []
        for column, (_, operator, value) in zip(self._named(table, [w[0] for w in where]) if where else [], where, strict=True):
            made.append(getattr(sa.column(column.name), _COMPARE[operator])(self._outward(value, column.kind)))
        return made

    def _values(self, table: str, row: Mapping[str, DbValue]) -> dict[str, Any]:
        columns = self._named(table, list(row))
        return {column.name: self._outward(value, column.kind) for column, value in zip(columns, row.values(), strict=True)}

    def insert(self, table: str, row: Mapping[str, DbValue]) -> None:
        """Adds a row."""
        values = self._values(table, row)
        self._write(sa.insert(sa.table(table, *map(sa.column, values))).values(values))

    def insert_all(self, table: str, rows: Sequence[Mapping[str, DbValue]]) -> None:
        """Adds rows."""
        if not rows:
            return
        columns = self._named(table, list(rows[0]))
        names = [column.name for column in columns]
        kinds = [column.kind for column in columns]
        values = [[self._outward(value, kind) for value, kind in zip(row.values(), kinds, strict=True)] for row in rows]
        if any(isinstance(value, sa.ColumnElement) for row in values for value in row):
            for row in rows:
                self.insert(table, row)
            return
        statement = sa.insert(sa.table(table, *map(sa.column, names)))
        with _errors(self.url), self._connected() as connection:
            connection.execute(statement, [dict(zip(names, row, strict=True)) for row in values])

    def update(self, table: str, values: Mapping[str, DbValue], where: Where = ()) -> int:
        """Changes rows; how many."""
        changed = self._values(table, values)
        target = sa.table(table, *map(sa.column, changed))
        return self._write(sa.update(target).values(changed).where(*self._conditions(table, where)))

    def replace(self, table: str, row: Mapping[str, DbValue], keys: Sequence[str]) -> None:
        """Changes the row that agrees in the key columns, or adds one."""
        with self.transaction():
            if not self.update(table, row, [(key, "=", row[key]) for key in keys]):
                self.insert(table, row)

    def delete(self, table: str, where: Where = ()) -> int:
        """Deletes rows; how many."""
        self.columns(table)
        return self._write(sa.delete(sa.table(table)).where(*self._conditions(table, where)))

    def ask(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        """A statement as it is written: the names of its columns, none when it gives no rows, and the rows."""
        text = sql.replace("%", "%%") if self._engine.dialect.paramstyle in ("format", "pyformat") else sql
        with _errors(self.url), self._connected() as connection:
            result = connection.exec_driver_sql(text)
            if not result.returns_rows:
                return (), []
            names = tuple(result.keys())
            rows = result.fetchall()
        return names, [tuple(self._inward(value, _kind_of(value)) for value in row) for row in rows]

    def _write(self, statement: sa.Executable) -> int:
        with _errors(self.url), self._connected() as connection:
            return int(connection.execute(statement).rowcount)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        if self._open is not None:
            yield self._open
        else:
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside happen together or, after an exception, not at all."""
        if self._open is not None:
            yield
            return
        with _errors(self.url), self._engine.begin() as connection:
            self._open = connection
            try:
                yield
            finally:
                self._open = None

    def close(self) -> None:
        """Lets go of it."""
        self._engine.dispose()

    def _inward(self, value: Any, kind: Kind) -> DbValue:
        if isinstance(value, str):
            return value.encode("utf-8").decode("latin-1")
        if isinstance(value, bytes | memoryview):
            return bytes(value).decode("latin-1")
        if isinstance(value, datetime):
            return int(value.timestamp())
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, int) and kind is Kind.INT:
            return wrap32(value)
        return value if value is None or isinstance(value, int | float) else str(value)

    def _outward(self, value: DbValue, kind: Kind) -> object:
        if isinstance(value, str):
            raw = value.encode("latin-1")
            return raw if kind is Kind.BLOB else raw.decode("utf-8", "replace")
        if kind is Kind.DATETIME and isinstance(value, int | float):
            return datetime.fromtimestamp(value)
        return value


class SqliteDatabase(SqlDatabase):
    """A SQLite file, with the types as db_sqlite sees them."""

    def _inspected(self, connection: sa.Connection, table: str) -> tuple[Column, ...]:
        name = table.replace('"', '""')
        rows = connection.exec_driver_sql(f'PRAGMA table_info("{name}")').fetchall()
        keys = [row[1] for row in rows if row[5]]
        return tuple(
            Column(name, sqlite_types.kind(declared), not (needed or key), bool(key), keys == [name] and declared.upper() == "INTEGER")
            for _, name, declared, needed, _, key in rows
        )

    def _inward(self, value: Any, kind: Kind) -> DbValue:
        return sqlite_types.inward(value, kind)

    def _outward(self, value: DbValue, kind: Kind) -> object:
        stored = sqlite_types.outward(value, kind)
        if isinstance(stored, bytes) and kind is not Kind.BLOB:
            return sa.cast(sa.literal(stored), sa.Text)
        return stored


@contextmanager
def _errors(url: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise DbError(f"{url}: {cause}") from error


def _kind(declared: Any) -> Kind:
    """The type of a column by SQLAlchemy's reflection."""
    match declared:
        case sa.BigInteger():
            return Kind.BIGINT
        case sa.Integer() | sa.Boolean():
            return Kind.INT
        case sa.Numeric() | sa.Float():
            return Kind.DOUBLE
        case sa.DateTime() | sa.Date():
            return Kind.DATETIME
        case sa.LargeBinary():
            return Kind.BLOB
        case _:
            return Kind.STRING


def _kind_of(value: object) -> Kind:
    """The type of a value in a statement whose columns are not known."""
    match value:
        case int():
            return Kind.BIGINT
        case float() | Decimal():
            return Kind.DOUBLE
        case _:
            return Kind.STRING


def _restrained(connection: sqlite3.Connection, record: object) -> None:
    """Text as bytes; no other files by ATTACH (and VACUUM INTO, which needs it); no statement without end."""
    connection.text_factory = lambda raw: raw.decode("latin-1")
    connection.set_authorizer(lambda action, *about: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK)
    steps = count()
    connection.set_progress_handler(lambda: next(steps) > MOST_STEPS, STEP)


def open_sqlite(url: str, path: str, *, read_only: bool) -> SqliteDatabase:
    """A SQLite file."""
    location = sa.URL.create("sqlite", database=f"file:{_quoted(path)}", query={"uri": "true", "mode": "ro" if read_only else "rwc"})
    engine = sa.create_engine(location)
    sa.event.listen(engine, "connect", _restrained)
    return SqliteDatabase(url, engine)


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def open_network(url: DbUrl, *, write: bool) -> SqlDatabase:
    """A server; without write, all changes stay in a transaction that is rolled back at the end."""
    drivers = {"mysql": "mysql+pymysql", "postgresql": "postgresql+psycopg"}
    options = {"charset": "utf8mb4"} if url.engine == "mysql" else {}
    location = sa.URL.create(
        drivers[url.engine], url.user or None, url.password or None, url.host.strip("[]") or None, url.port or None, url.database, options
    )
    try:
        engine = sa.create_engine(location)
    except ImportError as error:
        raise DbError(f"{url.public}: {error.name} is not installed: pip install 'sroute[{EXTRAS[url.engine]}]'") from None
    return SqlDatabase(url.public, engine) if write else DraftDatabase(url.public, engine)


class DraftDatabase(SqlDatabase):
    """A server on which nothing may stay: one connection whose transaction is rolled back at the end."""

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        if self._open is None:
            self._open = self._engine.connect()
            self._open.begin()
        with self._open.begin_nested():
            yield self._open

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside happen together or, after an exception, not at all."""
        with _errors(self.url), self._connected():
            yield

    def close(self) -> None:
        """Takes everything back."""
        if self._open is not None:
            self._open.rollback()
            self._open.close()
            self._open = None
        super().close()


def execute(url: DbUrl, statements: Sequence[str]) -> None:
    """Runs statements that make tables, all of them or none (where the server can take a table back)."""
    database = open_sqlite(url.text, url.database, read_only=False) if url.engine == "sqlite" else open_network(url, write=True)
    try:
        with database.transaction():
            for statement in statements:
                database.ask(statement)
    finally:
        database.close()
