"""The location table in a database: written at once (db_mode 1), by the timer (2), asked each time (3) or only read at start (4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sroute.db import url as urls
from sroute.db.database import Database, DbError, DbValue, NotOpenedError, Row, Where, version
from sroute.db.databases import open_database
from sroute.exports.fixups import FixupError
from sroute.exports.module import InitError
from sroute.exports.rpc import RpcFault, RpcValue
from sroute.modules.usrloc.binding import ALL_METHODS, ENDED, MEMORY_ONLY, NO_CONNECTION, Binding, State
from sroute.modules.usrloc.declaration import DB_NONE, DB_ONLY, DB_WRITE_BACK, DB_WRITE_THROUGH, Usrloc, tick, usrloc
from sroute.modules.usrloc.tables import Record, Table
from sroute.runtime.dset import NO_Q
from sroute.runtime.services import Services

TABLE_VERSION = 9
_TEXTS = ("contact", "callid", "user_agent", "received", "path", "socket", "instance", "ruid")
_FIELDS = {"contact": "address", "user": "aor"}


class Rows:
    """Bindings as rows."""

    def __init__(self, state: Usrloc, database: Database) -> None:
        self.state = state
        self.database = database
        self.holds = [name for name in state.columns if name != "domain" or state.use_domain]
        self.names = [state.columns[name] for name in self.holds]
        self.crashes_by_ruid = urls.parse(state.db_url).engine == "sqlite"

    def load(self, table: Table) -> None:
        """Fills a table with all rows.

        Raises DbError.
        """
        for row in self.database.query(table.name, self.names):
            binding = self.binding(row)
            if self.state.use_domain and "@" not in binding.aor:
                self.state.complain(f"failed to load a contact of {binding.aor}: it has no domain")
                continue
            record = table.records.setdefault(binding.aor, Record(binding.aor))
            record.insert(binding, table.matching)

    def of(self, table: Table, aor: str) -> list[Binding]:
        """The bindings of one address of record, best first.

        Raises DbError.
        """
        column = self.state.columns["last_modified" if self.state.desc_time_order else "q"]
        rows = self.database.query(table.name, self.names, self._of(aor), order=column)
        found = sorted((self.binding(row) for row in rows), key=_newest if self.state.desc_time_order else _best)
        return [binding for binding in found if binding.valid(self.state.now)]

    def binding(self, row: Row) -> Binding:
        """A row as a binding."""
        has: dict[str, DbValue] = dict(zip(self.holds, row, strict=True))
        methods = has["methods"]
        q = has["q"]
        user, domain = _text(has["user"]), _text(has.get("domain"))
        return Binding(
            _text(has["contact"]),
            _number(has["expires"]),
            q=NO_Q if q is None or float(q) < 0 else round(float(q) * 1000),
            callid=_text(has["callid"]),
            cseq=_number(has["cseq"]),
            flags=_number(has["flags"]),
            cflags=_number(has["cflags"]),
            user_agent=_text(has["user_agent"]),
            received=_text(has["received"]),
            path=_text(has["path"]),
            socket=self._socket(_text(has["socket"])),
            methods=ALL_METHODS if methods is None else _number(methods) & ALL_METHODS,
            ruid=_text(has["ruid"]),
            instance=_text(has["instance"]),
            reg_id=_number(has["reg_id"]),
            server_id=_number(has["server_id"]),
            last_modified=_number(has["last_modified"]),
            last_keepalive=self.state.now,
            keepalive=_number(has["keepalive"]),
            state=State.SYNC,
            aor=f"{user}@{domain}" if self.state.use_domain and domain else user,
        )

    def _socket(self, text: str) -> str:
        """A socket that is still there."""
        known = (str(socket.endpoint) for socket in self.state.instance.sockets.listen)
        return text if text in known else ""

    def row(self, binding: Binding) -> Mapping[str, DbValue]:
        """A binding as a row: what is empty stays NULL."""
        user, domain = self._parts(binding.aor)
        values: dict[str, DbValue] = {
            "user": user,
            "domain": domain,
            "expires": binding.expires,
            "q": -1.0 if binding.q == NO_Q else binding.q / 1000,
            "cseq": binding.cseq,
            "flags": binding.flags,
            "cflags": binding.cflags,
            "methods": None if binding.methods == ALL_METHODS else binding.methods,
            "last_modified": binding.last_modified,
            "reg_id": binding.reg_id,
            "server_id": binding.server_id,
            "connection_id": NO_CONNECTION,
            "keepalive": binding.keepalive,
            "partition": 0,
        }
        for name in _TEXTS:
            values[name] = getattr(binding, _FIELDS.get(name, name)) or None
        return {self.state.columns[name]: values[name] for name in self.holds}

    def insert(self, table: Table, binding: Binding) -> None:
        """Adds a row."""
        if not binding.flags & MEMORY_ONLY:
            self._guarded("inserting contact in db failed", lambda: self.database.insert(table.name, self.row(binding)))
        binding.state = State.SYNC

    def update(self, table: Table, binding: Binding) -> None:
        """Changes the row of a binding."""
        if not binding.flags & MEMORY_ONLY:
            row, where = self.row(binding), self._this(binding)
            self._guarded("updating database failed", lambda: self.database.update(table.name, row, where))
        binding.state = State.SYNC

    def delete(self, table: Table, binding: Binding) -> None:
        """Deletes the row of a binding."""
        self._guarded("deleting from database failed", lambda: self.database.delete(table.name, self._this(binding)))

    def clean(self, table: Table) -> None:
        """Deletes all rows that have expired; who asked for it hears of each."""
        where: Where = [(self.state.columns["expires"], "<", self.state.now - self.state.rm_expired_delay)]
        if self.state.expired:
            gone: list[Row] = []
            self._guarded("failed to query the database", lambda: gone.extend(self.database.query(table.name, self.names, where)))
            for row in gone:
                for hear in self.state.expired:
                    hear(table, self.binding(row))
        self._guarded("deleting from table failed", lambda: self.database.delete(table.name, where))

    def by_ruid(self, table: Table, ruid: str) -> int:
        """Deletes the row with an id; how many there were.

        Raises DbError.
        """
        return self.database.delete(table.name, [(self.state.columns["ruid"], "=", ruid)])

    def _this(self, binding: Binding) -> Where:
        return [(self.state.columns["ruid"], "=", binding.ruid)]

    def _parts(self, aor: str) -> tuple[str, str]:
        """User and domain of an address of record; one without a user is all domain."""
        if not self.state.use_domain:
            return aor, ""
        user, at, domain = aor.partition("@")
        return (user, domain) if at else ("", aor)

    def _of(self, aor: str) -> Where:
        user, domain = self._parts(aor)
        where: Where = [(self.state.columns["user"], "=", user)]
        return [*where, (self.state.columns["domain"], "=", domain)] if self.state.use_domain else where

    def _guarded(self, trouble: str, work: Any) -> None:
        try:
            work()
        except DbError as error:
            self.state.complain(f"{trouble}: {error}")


def _best(binding: Binding) -> int:
    return -binding.q


def _newest(binding: Binding) -> int:
    return -binding.last_modified


def _text(value: DbValue) -> str:
    return "" if value is None else str(value)


def _number(value: DbValue) -> int:
    return int(value or 0)


class WriteThrough:
    """Every change is written at once."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def load(self, table: Table, aor: str) -> Record | None:
        """Records live in memory."""
        return table.records.get(aor)

    def inserted(self, table: Table, binding: Binding) -> None:
        """Writes it."""
        self.rows.insert(table, binding)

    def updated(self, table: Table, binding: Binding) -> None:
        """Writes it."""
        self.rows.update(table, binding)

    def removed(self, table: Table, binding: Binding) -> bool:
        """Deletes it."""
        self.rows.delete(table, binding)
        return True

    def expired(self, table: Table, binding: Binding) -> None:
        """Deletes it."""
        self.rows.delete(table, binding)


class DatabaseOnly(WriteThrough):
    """Nothing stays in memory."""

    def load(self, table: Table, aor: str) -> Record | None:
        """Asks the database."""
        try:
            found = self.rows.of(table, aor)
        except DbError as error:
            self.rows.state.complain(f"failed to query the database: {error}")
            return None
        return Record(aor, found) if found else None


class WriteBack:
    """Changes wait for the timer, and for the end."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def load(self, table: Table, aor: str) -> Record | None:
        """Records live in memory."""
        return table.records.get(aor)

    def inserted(self, table: Table, binding: Binding) -> None:
        """It is new until the timer has written it."""

    def updated(self, table: Table, binding: Binding) -> None:
        """It is dirty until the timer has written it."""

    def removed(self, table: Table, binding: Binding) -> bool:
        """One that the database knows stays until the timer has deleted it."""
        if binding.state is State.NEW:
            return True
        binding.expires = ENDED
        binding.flags &= ~MEMORY_ONLY
        return False

    def expired(self, table: Table, binding: Binding) -> None:
        """Deletes it."""
        if binding.state is not State.NEW:
            self.rows.delete(table, binding)

    def flush(self) -> None:
        """Writes all that has changed."""
        for table in self.rows.state.tables.values():
            for binding in [binding for record in table.listed() for binding in record.bindings]:
                if binding.flags & MEMORY_ONLY:
                    continue
                if binding.state is State.NEW:
                    self.rows.insert(table, binding)
                elif binding.state is State.DIRTY:
                    self.rows.update(table, binding)


def _init(state: Usrloc, scope: Any) -> None:
    services: Services = scope.services
    if state.db_mode == DB_NONE:
        return
    try:
        module = urls.driver(state.db_url)
    except DbError as error:
        raise InitError(str(error)) from None
    if not services.loaded(module):
        raise InitError(f'failed to bind database module: loadmodule "{module}.so" is missing')
    try:
        database = open_database(state.db_url, services)
    except NotOpenedError as error:
        state.db_mode = DB_NONE
        services.note(f"bindings are kept in memory only: {error}")
    except DbError as error:
        raise InitError(str(error)) from None
    else:
        _connect(state, Rows(state, database))


def _connect(state: Usrloc, rows: Rows) -> None:
    state.rows = rows
    if state.db_mode == DB_WRITE_THROUGH:
        state.store = WriteThrough(rows)
    elif state.db_mode == DB_ONLY:
        state.store = DatabaseOnly(rows)
        state.ticking.append(lambda: _clean(state, rows))
    elif state.db_mode == DB_WRITE_BACK:
        back = state.store = WriteBack(rows)
        state.ticking.append(back.flush)
    state.checks.append(lambda name: _check_table(state, rows.database, name))


def _clean(state: Usrloc, rows: Rows) -> None:
    for table in state.tables.values():
        rows.clean(table)


def _check_table(state: Usrloc, database: Database, name: str) -> None:
    """Refuses a table that is not there, or of another version.

    Raises FixupError.
    """
    try:
        found = version(database, name) if state.version_table else TABLE_VERSION
        for _ in database.query(name, [state.columns["user"]], limit=1):
            pass
    except DbError as error:
        raise FixupError(str(error)) from None
    if found != TABLE_VERSION:
        hint = "make the tables with `sroute db create`"
        raise FixupError(f"invalid version {found} for table {name} found, expected {TABLE_VERSION}", hint=hint)


def _load(state: Usrloc, scope: Any) -> None:
    rows = state.rows
    if not isinstance(rows, Rows) or state.db_mode == DB_ONLY or not state.db_load:
        return
    for table in state.tables.values():
        try:
            rows.load(table)
        except DbError as error:
            raise InitError(f"failed to load the table {table.name}: {error}") from None


def _end(state: Usrloc) -> None:
    if isinstance(state.store, WriteBack):
        tick(state)


def _preload(state: Usrloc, scope: Any) -> None:
    for name in state.preload:
        try:
            state.table(name)
        except FixupError as error:
            raise InitError(error.message) from None


usrloc.hooks.init += [_init, _preload]
usrloc.hooks.child_init.append(_load)
usrloc.hooks.destroy.append(_end)


def _rows(state: Usrloc, args: Sequence[Any]) -> tuple[Rows, str]:
    """The rows that a counting command asks about.

    Raises RpcFault.
    """
    rows = state.rows
    if not isinstance(rows, Rows):
        raise RpcFault(500, f"Command is not supported in db_mode={state.db_mode}")
    if not args or not isinstance(args[0], str):
        raise RpcFault(500, "Not enough parameters (table to lookup)")
    if state.db_mode not in (DB_WRITE_THROUGH, DB_ONLY):
        raise RpcFault(500, "Failed to use table")
    return rows, str(args[0])


def _found(state: Usrloc, args: Sequence[Any], what: str, where: Where = ()) -> Iterator[Row]:
    """The addresses of record of rows; 5.6.3 asks by SQL that SQLite and db_text do not know."""
    rows, table = _rows(state, args)
    if not urls.parse(state.db_url).networked:
        raise RpcFault(500, f"Failed to query {what} count")
    columns = [state.columns["user"], state.columns["domain"]]
    try:
        yield from rows.database.query(table, columns, where)
    except DbError as error:
        raise RpcFault(500, f"Failed to query {what} count: {error}") from None


@usrloc.rpc("ul.db_users", "table")
def db_users(state: Usrloc, services: Services, args: Sequence[Any]) -> RpcValue:
    """Counts the addresses of record in a network database that have a binding."""
    expires = state.columns["expires"]
    return len(set(_found(state, args, "AoR", [(expires, ">", state.now)])))


@usrloc.rpc("ul.db_contacts", "table")
def db_contacts(state: Usrloc, services: Services, args: Sequence[Any]) -> RpcValue:
    """Counts the bindings in a network database."""
    return sum(1 for _ in _found(state, args, "contact", [(state.columns["expires"], ">", state.now)]))


@usrloc.rpc("ul.db_expired_contacts", "table")
def db_expired_contacts(state: Usrloc, services: Services, args: Sequence[Any]) -> RpcValue:
    """Counts the expired bindings in a network database."""
    return sum(1 for _ in _found(state, args, "contact", [(state.columns["expires"], "<=", state.now)]))
