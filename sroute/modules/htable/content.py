"""Loading tables from the database, and writing them back.

Where Kamailio 5.6.3 would lose what was in the database, sroute keeps it and says what a real one does.
"""

import re
from collections.abc import Iterable, Iterator

from sroute.db.database import Column, Database, DbError, DbValue, Kind, NotOpenedError, Row
from sroute.db.databases import open_database
from sroute.db.url import driver
from sroute.exports.module import InitError
from sroute.modules.htable.table import NEVER, Item, Table
from sroute.modules.htable.tables import Tables

ARRAY = 1
STRING, INTEGER = 0, 1
FETCH_ROWS = 100
"""What fetch_rows is when it is not above 0."""
_LEADING = re.compile(r"[+-]?[0-9]+").match
_LARGEST = 0x7FFFFFFF
_TYPE_NUMBERS = {Kind.INT: 0, Kind.BIGINT: 1, Kind.DOUBLE: 2, Kind.STRING: 4, Kind.DATETIME: 5, Kind.BLOB: 6}
"""What Kamailio calls the types of columns."""
_TEXTS = (Kind.STRING, Kind.BLOB)
_INTEGERS = (Kind.INT, Kind.BIGINT)


class BadRowError(Exception):
    """A row that can't be an item; args[0] is what Kamailio logs."""


def load_all(state: Tables) -> None:
    """Loads all tables that have a dbtable, at start.

    Raises InitError.
    """
    if not state.db_url:
        return
    if not state.services.loaded(driver(state.db_url)):
        raise InitError(f'database module not found: loadmodule "{driver(state.db_url)}.so" is missing')
    for table in state.all.values():
        if table.definition.dbtable:
            try:
                load(state, table)
            except NotOpenedError as error:
                state.services.note(f"htable [{table.name}] is empty: {error}")
            except (DbError, BadRowError) as error:
                raise InitError(f"htable [{table.name}]: {error}") from None


def load(state: Tables, table: Table) -> None:
    """Fills a table with what the database holds; everything that was in it is gone.

    Raises DbError and BadRowError; then the table is as it was.
    """
    database = open_database(state.db_url, state.services)
    fresh = Table(table.definition, table.clock, table.dialect)
    fill = _packed if table.definition.columns else _typed
    for key, value, expiry in fill(state, database, fresh):
        fresh.store(key, value)
        if expiry is not None:
            fresh.expire_at(key, expiry)
    table.loaded = True
    table.found_rows = bool(fresh.values)
    table.replace(fresh.values, fresh.expiries)


Loaded = tuple[str, Item, int | None]
"""Key, value, and expiry (None: by the rules of the table)."""


def _packed(state: Tables, database: Database, table: Table) -> Iterator[Loaded]:
    """Tables with cols: the first column is the key, the others make one string."""
    defined = table.definition
    columns = database.chosen(defined.dbtable, defined.columns)
    keys = _TEXTS + (_INTEGERS if state.services.dialect.newer else ())
    if columns[0].kind not in keys:
        raise BadRowError("key type must be string")
    for number, column in enumerate(columns[1:], 1):
        if column.kind not in _TEXTS + _INTEGERS:
            raise BadRowError(f"unsupported data type for column {number}")
    rows = database.query(defined.dbtable, defined.columns, order=defined.columns[0], fetch=_fetch(state))
    for number, row in enumerate(rows):
        if row[0] is None:
            raise BadRowError(f"htable [{defined.name}] row [{number}] has NULL key value")
        yield str(row[0]), defined.coldelim.join(defined.colnull if value is None else str(value) for value in row[1:]), None


def _typed(state: Tables, database: Database, table: Table) -> Iterator[Loaded]:
    """Tables with columns for key, kind of key, kind of value and value."""
    names = [state.key_name_column, state.key_type_column, state.value_type_column, state.key_value_column]
    if state.db_expires and table.definition.autoexpire:
        names.append(state.expires_column)
    dbtable = table.definition.dbtable
    _check_kinds(database.chosen(dbtable, names), newer=state.services.dialect.newer)
    rows = database.query(dbtable, names, order=names[0], fetch=_fetch(state))
    yield from _items(state, table, _documented(rows) if state.services.documented else rows)


def _fetch(state: Tables) -> int:
    """How many rows are asked for at once."""
    return state.fetch_rows if state.fetch_rows > 0 else FETCH_ROWS


def _check_kinds(columns: tuple[Column, ...], *, newer: bool) -> None:
    key, key_type, value_type, value = columns[:4]
    if key.kind not in _TEXTS + (_INTEGERS if newer else ()):
        raise BadRowError("key type must be string (type=0)")
    for column, what in ((key_type, "key_type"), (value_type, "value_type")):
        if column.kind not in _INTEGERS:
            raise BadRowError(f"Wrong db type [{_TYPE_NUMBERS[column.kind]}] for {what} column")
    if value.kind not in _TEXTS + _INTEGERS:
        raise BadRowError(f"Wrong db type [{_TYPE_NUMBERS[value.kind]}] for key_value column")


def _documented(rows: Iterable[Row]) -> list[Row]:
    """The rows of each array last first, as in the original document."""
    made: list[Row] = []
    run: list[Row] = []
    for row in rows:
        if run and (row[0] != run[0][0] or row[1] != ARRAY):
            made.extend(reversed(run))
            run.clear()
        if row[1] == ARRAY:
            run.append(row)
        else:
            made.append(row)
    return made + run[::-1]


def _items(state: Tables, table: Table, rows: Iterable[Row]) -> Iterator[Loaded]:
    """Rows as items. The index goes on counting when a simple row follows the rows of an array of the same name."""
    now = table.now()
    array, count, in_array = "", 0, False
    for number, row in enumerate(rows):
        if row[0] is None:
            raise BadRowError(f"htable [{table.name}] row [{number}] has NULL key value")
        if row[3] is None:
            raise BadRowError(f"null value in row {number}")
        expiry = row[4] if len(row) > 4 and isinstance(row[4], int) else 0
        if 0 < expiry < now:
            continue
        name = str(row[0])
        if in_array and name != array:
            yield array + state.array_size_suffix, count, None
            count = 0
        array, in_array = name, row[1] == ARRAY
        key = name
        if in_array:
            key = f"{name}[{count}]"
            count += 1
        if row[2] not in (None, STRING, INTEGER):
            state.services.note(
                f"Kamailio stores garbage for {key} of htable [{table.name}]: its value type is {row[2]}; sroute takes a string"
            )
        yield key, _value(row[2], row[3]), expiry if expiry > 0 else None
    if in_array:
        yield array + state.array_size_suffix, count, None


def _value(kind: DbValue, value: DbValue) -> Item:
    """A value as it is stored; a number is what the text begins with."""
    if kind != INTEGER:
        return str(value)
    if isinstance(value, int):
        return value
    found = _LEADING(str(value)[:400])
    return max(min(int(found[0]), _LARGEST), -_LARGEST - 1) if found else 0


def save_all(state: Tables) -> None:
    """Writes back the tables with dbmode, at shutdown."""
    if not state.db_url:
        return
    for table in state.all.values():
        if table.definition.dbtable and table.definition.dbmode and table.loaded and not table.definition.columns:
            if not table.found_rows and not state.services.dialect.newer:
                state.services.note(
                    f"Kamailio 5.6.3 does not write htable [{table.name}] back, because {table.definition.dbtable} was empty when "
                    "it was loaded, and loses its items (fixed in 5.6.5); sroute writes them"
                )
            save(state, table)


def save(state: Tables, table: Table) -> bool:
    """Puts the items of a table in place of the rows of its dbtable, all or nothing; a failure is logged and False."""
    defined = table.definition
    if defined.columns:
        state.complain(f"saving htable [{defined.name}] with custom db columns is not available", "WARNING")
        state.services.note(
            f"Kamailio deletes all rows of {defined.dbtable} here and writes nothing, because htable [{defined.name}] has cols; "
            "sroute leaves the rows as they are"
        )
        return True
    try:
        database = open_database(state.db_url, state.services)
        with database.transaction():
            database.delete(defined.dbtable)
            database.insert_all(defined.dbtable, list(_rows(state, table)))
    except DbError as error:
        state.complain(f"failed to store htable [{defined.name}] in table [{defined.dbtable}]: {error}")
        if not isinstance(error, NotOpenedError):
            state.services.note(
                f"the rows of {defined.dbtable} are left as they were; Kamailio deletes them first, and loses what it then can't insert"
            )
        return False
    return True


def _rows(state: Tables, table: Table) -> Iterator[dict[str, DbValue]]:
    expiring = table.definition.autoexpire > 0
    immortal = 0
    for key, value in table.items():
        expiry = table.expiries.get(key, NEVER)
        if expiring and expiry != NEVER and expiry <= table.now():
            continue
        immortal += expiring and expiry == NEVER
        row: dict[str, DbValue] = {
            state.key_name_column: key,
            state.key_type_column: 0,
            state.value_type_column: STRING if isinstance(value, str) else INTEGER,
            state.key_value_column: str(value),
        }
        if state.db_expires and expiring:
            row[state.expires_column] = expiry
        yield row
    if immortal:
        state.services.note(
            f"Kamailio does not write items that never expire: {immortal} of htable [{table.name}] would be lost; sroute writes them"
        )
