"""What a module gets when it opens a database, whatever is behind the URL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol, runtime_checkable

from sroute.errors import SrouteError

DbValue = int | float | str | None
"""A value of a row: text and blobs are latin-1 (one character is one byte), times are seconds since the epoch."""
Row = tuple[DbValue, ...]
Operator = Literal["=", "!=", "<", ">", "<=", ">="]
Condition = tuple[str, Operator, DbValue]
Where = Sequence[Condition]
"""Conditions that all hold; a comparison with None by `=` or `!=` asks for NULL."""


class DbError(SrouteError):
    """The database can't be opened, or refused a statement."""


class NotOpenedError(DbError):
    """The run does not allow this database to be opened; the text says which option does."""


class Kind(Enum):
    """The type of a column, as Kamailio's drivers tell them apart."""

    INT = "int"
    BIGINT = "bigint"
    DOUBLE = "double"
    STRING = "string"
    DATETIME = "datetime"
    BLOB = "blob"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; null: it may hold NULL; key: part of the primary key; auto: filled when it is left out."""

    name: str
    kind: Kind
    null: bool = True
    key: bool = False
    auto: bool = False
    default: DbValue = None


@runtime_checkable
class Database(Protocol):
    """An open database. Every method raises DbError."""

    url: str

    def columns(self, table: str) -> tuple[Column, ...]:
        """The columns of a table."""

    def chosen(self, table: str, names: Sequence[str]) -> tuple[Column, ...]:
        """The columns that a query with these names gives."""

    def query(
        self, table: str, columns: Sequence[str] = (), where: Where = (), order: str = "", limit: int = 0, fetch: int = 0
    ) -> Iterator[Row]:
        """Rows of a table: the named columns (all without names), in the order of one column.

        fetch is how many rows are asked for at once, as they are read; 0: all.
        """

    def insert(self, table: str, row: Mapping[str, DbValue]) -> None:
        """Adds a row."""

    def insert_all(self, table: str, rows: Sequence[Mapping[str, DbValue]]) -> None:
        """Adds rows that have the same columns, one after the other."""

    def update(self, table: str, values: Mapping[str, DbValue], where: Where = ()) -> int:
        """Changes rows; how many."""

    def replace(self, table: str, row: Mapping[str, DbValue], keys: Sequence[str]) -> None:
        """Changes the row that agrees in the key columns, or adds one."""

    def delete(self, table: str, where: Where = ()) -> int:
        """Deletes rows; how many."""

    def ask(self, sql: str) -> tuple[tuple[str, ...], list[Row]]:
        """A statement as it is written: the names of its columns, none when it gives no rows, and the rows."""

    def transaction(self) -> AbstractContextManager[None]:
        """All changes inside happen together or, after an exception, not at all."""

    def close(self) -> None:
        """Lets go of it."""


def version(database: Database, table: str, *, registry: str = "version") -> int:
    """The layout version that the table `version` gives for a table; 0 when it has no row for it."""
    for row in database.query(registry, ("table_version",), (("table_name", "=", table),)):
        return row[0] if isinstance(row[0], int) else 0
    return 0
