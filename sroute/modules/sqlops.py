"""sqlops: SQL statements from the script, their results in `$dbr(result=>...)`, XAVPs or variables; `{sql.val}` and its like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sroute.db.database import Database, DbError, DbValue, NotOpenedError
from sroute.db.databases import open_database
from sroute.db.url import driver
from sroute.errors import NotSimulatedError
from sroute.exports.fixups import FORMAT, TEXT, Arg, Constant, FixupError, Names, Scope
from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.exports.variable import Index, Pv
from sroute.modules.pv import sql_values
from sroute.modules.pv.keys import key
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Value, wrap32

ROWS, EMPTY, NOT_KEPT, FAILURE = 1, 2, 3, -1
"""Return codes: rows are there; none, or a statement without any; rows that no result keeps; an error."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: names of columns, rows."""

    names: tuple[str, ...] = ()
    rows: Sequence[tuple[Value, ...]] = ()


NOTHING = Result()


@dataclass(slots=True)
class SqlOps:
    """The connections of the script by name, and its results."""

    urls: dict[str, str] = field(default_factory=dict)
    databases: dict[str, Database] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    connect_mode: int = 0
    services: Services | None = None

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        assert self.services is not None
        self.services.diag("ERROR", text, "sqlops", run.at)

    def ask(self, run: Run, connection: str, query: str) -> Result | None:
        """The result of a statement; None, with a complaint, when it fails."""
        database = self.databases.get(connection)
        if database is None:
            raise NotSimulatedError(self.closed.get(connection, f"no database for {connection}"))
        try:
            if not query:
                raise DbError("error while storing result")
            names, rows = database.ask(query)
        except DbError as error:
            self.complain(run, str(error))
            self.complain(run, f"cannot do the query [{query[:64]}]")
            return None
        return Result(names, [tuple(_value(item) for item in row) for row in rows]) if rows else NOTHING


def _value(value: DbValue) -> Value:
    """A value as sqlops hands it on: reals are null."""
    if isinstance(value, float):
        return None
    return wrap32(value) if isinstance(value, int) else value


sqlops: Module[SqlOps] = Module("sqlops", SqlOps, "SQL statements from the script: sql_query(), `$dbr(result=>[row,column])`.")
sql_values.declare(sqlops)


def _ignored(name: str, kind: str, doc: str) -> None:
    sqlops.param(name, "int" if kind == "int" else "str")(_documented(doc))


def _documented(doc: str) -> Callable[[SqlOps, int | str], None]:
    def accept(state: SqlOps, value: int | str) -> None:
        return None

    accept.__doc__ = doc
    return accept


sqlops.setting("connect_mode", "int", doc="1: go on when a database can't be reached at start (0).")
_ignored("results_maxsize", "int", "How many results there can be (32); sroute has no limit.")
_ignored("tr_buf_size", "int", "The longest text that {sql.*} can make (2048).")
_ignored("sqlres", "str", "Announces the name of a result; not needed.")


@sqlops.param("sqlcon", "str")
def sqlcon(state: SqlOps, value: int | str) -> None:
    """Names a connection: `name=>mysql://user:password@host/database`."""
    name, arrow, url = str(value).partition("=>")
    if not arrow or not name.strip() or not url.strip():
        raise ParamError(f"invalid connection: {value}")
    state.urls[name.strip()] = url.strip()


@sqlops.hooks.init.append
def _init(state: SqlOps, scope: Scope) -> None:
    state.services = scope.services
    for name, url in state.urls.items():
        if state.connect_mode != 1 and not scope.services.loaded(driver(url)):
            raise InitError(f'connection {name}: loadmodule "{driver(url)}.so" is missing')
        try:
            state.databases[name] = open_database(url, scope.services)
        except NotOpenedError as error:
            state.closed[name] = str(error)
        except DbError as error:
            raise InitError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Connection:
    """The name of a connection that sqlcon gives."""

    form: str = "connection"

    def parse(self, text: str, names: Names) -> str:
        """Any name: the connections are known at start."""
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """The name; one without a connection is refused."""
        state = scope.services.state("sqlops")
        assert isinstance(state, SqlOps)
        if parsed not in state.urls:
            raise FixupError(f"invalid connection [{parsed}]", "MD020", f'modparam("sqlops", "sqlcon", "{parsed}=>URL")')
        return Constant(parsed)


CONNECTION = Connection()


@sqlops.function("sql_query", CONNECTION, FORMAT)
def sql_query(state: SqlOps, run: Run, connection: str, query: str) -> int:
    """Runs a statement: 2 when it gives no rows, 3 when nobody keeps its rows, -1 on an error.

    Example: sql_query("ca", "delete from calls where id = '$ci'");
    """
    found = state.ask(run, connection, query)
    if found is None:
        return FAILURE
    return NOT_KEPT if found.rows else EMPTY


@sqlops.function("sql_query", CONNECTION, FORMAT, TEXT)
def sql_query_result(state: SqlOps, run: Run, connection: str, query: str, result: str) -> int:
    """Runs a statement and keeps its rows for `$dbr(result=>...)`: 1, 2 without rows, -1 on an error.

    Example: if (sql_query("ca", "select id from calls", "ra") == 1) { xlog("$dbr(ra=>[0,0])\\n"); sql_result_free("ra"); }
    """
    found = state.ask(run, connection, query)
    state.results[result] = found or NOTHING
    if found is None:
        return FAILURE
    return ROWS if found.rows else EMPTY


@sqlops.function("sql_result_free", TEXT)
def sql_result_free(state: SqlOps, run: Run, result: str) -> int:
    """Forgets a result.

    Example: sql_result_free("ra");
    """
    state.results.pop(result, None)
    return 1


@sqlops.function("sql_xquery", CONNECTION, FORMAT, TEXT)
def sql_xquery(state: SqlOps, run: Run, connection: str, query: str, name: str) -> int:
    """Runs a statement and puts its rows into an XAVP, one list a row: 1, 2 without rows, -1 on an error.

    Example: if (sql_xquery("ca", "select id from calls", "x") == 1) xlog("$xavp(x=>id) $xavp(x[1]=>id)\\n");
    """
    found = state.ask(run, connection, query)
    if found is None:
        return FAILURE
    run.xavps.remove_all(name)
    for row in reversed(found.rows):
        made = run.xavps.new_list()
        for column, value in zip(found.names, row, strict=True):
            made.append(column, value)
        run.xavps.add(name, made)
    return ROWS if found.rows else EMPTY


@dataclass(frozen=True, slots=True)
class Targets:
    """Variables that can be assigned, with commas between them."""

    form: str = "variables"

    def parse(self, text: str, names: Names) -> tuple[Pv, ...]:
        """The variables."""
        found = tuple(names.pv(part.strip()) for part in text.split(","))
        if any(not pv.writable for pv in found):
            raise FixupError(f"a variable of {text} is read-only")
        return found

    def bind(self, parsed: tuple[Pv, ...], scope: Scope) -> Arg[tuple[Write, ...]]:
        """Their writers."""
        return Constant(tuple(scope.write(pv) for pv in parsed))


@sqlops.function("sql_pvquery", CONNECTION, FORMAT, Targets())
def sql_pvquery(state: SqlOps, run: Run, connection: str, query: str, targets: tuple[Write, ...]) -> int:
    """Runs a statement and assigns the columns of its rows, from the last row to the first: 1, 2 without rows, -1 on an error.

    Example: sql_pvquery("ca", "select id, name from calls", "$var(id), $avp(name)");
    """
    found = state.ask(run, connection, query)
    if found is None:
        return FAILURE
    for row in reversed(found.rows):
        for write, value in zip(targets, row, strict=False):
            if value is None:
                continue
            try:
                write(run, value)
            except AssignError as error:
                state.complain(run, str(error))
    return ROWS if found.rows else EMPTY


@sqlops.function("sql_query_async", CONNECTION, FORMAT)
def sql_query_async(state: SqlOps, run: Run, connection: str, query: str) -> int:
    """Hands a statement to a worker of the database driver; only that of MySQL can: -1 with others.

    Example: sql_query_async("ca", "delete from calls");
    """
    if state.urls[connection].startswith("mysql:"):
        raise NotSimulatedError("sql_query_async(): there are no asynchronous workers in sroute")
    state.complain(run, "the db driver module doesn't support async query")
    return FAILURE


# ---------------------------------------------------------------- results


@dataclass(frozen=True, slots=True)
class Cell:
    """The inner text of `$dbr`: `result=>rows`, `cols`, `colname[column]`, `[row,column]`; places are numbers or variables."""

    form: str = "result=>what"

    def parse(self, text: str, names: Names) -> tuple[str, str, tuple[int | Pv, ...]]:
        """The result, what is asked for, and the places."""
        result, arrow, what = text.partition("=>")
        result, what = result.strip(), what.strip()
        if not arrow or not result:
            raise FixupError(f"invalid result {text}")
        kind, bracket, rest = what.partition("[")
        places = tuple(self._place(part.strip(), names) for part in rest.removesuffix("]").split(",")) if bracket else ()
        if (kind, len(places)) not in (("rows", 0), ("cols", 0), ("colname", 1), ("", 2)) or (bracket and not rest.endswith("]")):
            raise FixupError(f"invalid key {what}", hint="rows, cols, colname[column] or [row,column]")
        return result, kind, places

    def _place(self, text: str, names: Names) -> int | Pv:
        if text.startswith("$"):
            return names.pv(text)
        if not text.isascii() or not text.isdigit():
            raise FixupError(f"{text!r} is no number")
        return int(text[:10])

    def bind(self, parsed: tuple[str, str, tuple[int | Pv, ...]], scope: Scope) -> Arg[tuple[str, str, tuple[Read, ...]]]:
        """The same with readers of the places."""
        result, kind, places = parsed
        return Constant((result, kind, tuple(_fixed(place) if isinstance(place, int) else scope.read(place) for place in places)))


def _fixed(number: int) -> Read:
    return lambda run: number


@sqlops.variables_of("dbr", inner=Cell())
def dbr(scope: Scope, inner: Constant[tuple[str, str, tuple[Read, ...]]], index: Index) -> Read:
    """What sql_query() kept: `$dbr(ra=>rows)`, `$dbr(ra=>cols)`, `$dbr(ra=>colname[0])`, `$dbr(ra=>[0,1])`.

    Example: xlog("$dbr(ra=>rows)\\n");
    """
    name, kind, places = inner.value
    state = scope.services.state("sqlops")
    assert isinstance(state, SqlOps)

    def read(run: Run) -> Value:
        result = state.results.get(name, NOTHING)
        if kind == "rows":
            return len(result.rows)
        if kind == "cols":
            return len(result.names)
        at = [place if isinstance(place, int) else -1 for place in (get(run) for get in places)]
        if not 0 <= at[-1] < len(result.names):
            return None
        if kind == "colname":
            return result.names[at[0]]
        return result.rows[at[0]][at[1]] if 0 <= at[0] < len(result.rows) else None

    return read


@sqlops.variables_of("sqlrows", inner=CONNECTION)
def sqlrows(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """How many rows the last statement of a connection changed; the drivers of SQLite and db_text don't know.

    Example: xlog("$sqlrows(ca)\\n");
    """
    name, state = key(inner), scope.services.state("sqlops")
    assert isinstance(state, SqlOps)

    def read(run: Run) -> Value:
        state.complain(run, f"database module does not have DB_CAP_AFFECTED_ROWS [{name}]")
        return FAILED

    return read
