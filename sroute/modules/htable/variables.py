"""The variables that read and write items: `$sht $shtex $shtinc $shtdec`, and `$shtrecord`.

Each use in a script is bound to its table and to the form of its key, so that a read is little more than one look into
the table's dict.
"""

from collections.abc import Callable
from typing import Literal, Protocol

from sroute.exports.fixups import Arg, Constant, reader
from sroute.exports.variable import Index
from sroute.modules.htable.keys import RECORD_PART, TABLE_AND_KEY, Place
from sroute.modules.htable.module import htable
from sroute.modules.htable.table import Item, Table
from sroute.modules.htable.tables import Tables
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import FAILED, Value

KeyOf = Callable[[Run], str]


class Bound(Protocol):
    """What a factory needs of a scope."""

    services: Services


def tables_of(scope: Bound) -> Tables:
    """The module's state, with its tables made."""
    state = scope.services.state("htable")
    assert isinstance(state, Tables)
    state.start(scope.services)
    return state


def located(scope: Bound, inner: Arg[Place]) -> tuple[Tables, Table | None, Place]:
    """The table that a script names (None: not defined), and the item."""
    assert isinstance(inner, Constant)
    place: Place = inner.value
    state = tables_of(scope)
    return state, state.all.get(place.table), place


def _missing(state: Tables, place: Place) -> Read:
    if not state.services.dialect.newer:
        return lambda run: None
    key = reader(place.key)

    def read(run: Run) -> Value:
        state.complain(f"htable not found for getting $sht({place.table}=>{key(run)})", span=run.at)
        return None

    return read


def _refuse(run: Run, value: Value) -> None:
    raise AssignError("setting pvar failed")


@htable.variables_of("sht", inner=TABLE_AND_KEY)
def sht(scope: Bound, inner: Arg[Place], index: Index) -> Read:
    """The value of an item: an integer, a string, or null (or the table's initval) when there is none. Null deletes it.

    Example: $sht(ipban=>$si) = 1;
    """
    state, table, place = located(scope, inner)
    if table is None:
        return _missing(state, place)
    if isinstance(place.key, Constant):
        return _constant_reader(state, table, place.key.value)
    return _expiring_reader(state, table, place.key) if table.definition.autoexpire else _reader(state, table, place.key)


def _constant_reader(state: Tables, table: Table, key: str) -> Read:
    held, get, initval = table.locks.held, table.values.get, table.definition.initval
    due, now = table.expiries.get, table.clock.now

    def read(run: Run) -> Value:
        if held:
            state.meets(table, key, run)
        return get(key, initval)

    def read_living(run: Run) -> Value:
        if held:
            state.meets(table, key, run)
        value = get(key, initval)
        return initval if 0 < due(key, 0) < int(now()) else value

    return read_living if table.definition.autoexpire else read


def _reader(state: Tables, table: Table, key_of: KeyOf) -> Read:
    held, get, initval = table.locks.held, table.values.get, table.definition.initval

    def read(run: Run) -> Value:
        key = key_of(run)
        if held:
            state.meets(table, key, run)
        return get(key, initval)

    return read


def _expiring_reader(state: Tables, table: Table, key_of: KeyOf) -> Read:
    held, get, initval = table.locks.held, table.values.get, table.definition.initval
    due, now = table.expiries.get, table.clock.now

    def read(run: Run) -> Value:
        key = key_of(run)
        if held:
            state.meets(table, key, run)
        value = get(key, initval)
        return initval if 0 < due(key, 0) < int(now()) else value

    return read


@sht.writer
def _set_sht(scope: Bound, inner: Arg[Place], index: Index) -> Write:
    state, table, place = located(scope, inner)
    if table is None:
        return _refuse
    key_of = reader(place.key)
    if table.definition.dmqreplicate or (table.definition.autoexpire and not table.definition.updateexpire):
        return _ruled_writer(state, table, key_of)
    return _expiring_writer(state, table, key_of) if table.definition.autoexpire else _writer(state, table, key_of)


def _writer(state: Tables, table: Table, key_of: KeyOf) -> Write:
    """Without expiry and replication an assignment is one into the dict."""
    held, values, added, changed, remove = table.locks.held, table.values, table.added, table.changed, table.remove
    get = values.get

    def write(run: Run, value: Value) -> None:
        key = key_of(run)
        item = value if value.__class__ is str or value.__class__ is int else plain(value)
        if held:
            state.writes(table, key, item, run)
        if item is None:
            remove(key)
            return
        old = get(key)
        values[key] = item
        if old is None:
            added(key)
        elif old.__class__ is str or item.__class__ is str:
            changed(key, old, item)

    return write


def _expiring_writer(state: Tables, table: Table, key_of: KeyOf) -> Write:
    """With autoexpire and updateexpire every assignment begins the item's life anew."""
    held, values, added, changed, remove = table.locks.held, table.values, table.added, table.changed, table.remove
    get, expiries, now, life = values.get, table.expiries, table.clock.now, table.definition.autoexpire

    def write(run: Run, value: Value) -> None:
        key = key_of(run)
        item = value if value.__class__ is str or value.__class__ is int else plain(value)
        if held:
            state.writes(table, key, item, run)
        if item is None:
            remove(key)
            return
        old = get(key)
        values[key] = item
        expiries[key] = int(now()) + life
        if old is None:
            added(key)
        elif old.__class__ is str or item.__class__ is str:
            changed(key, old, item)

    return write


def _ruled_writer(state: Tables, table: Table, key_of: KeyOf) -> Write:
    held, store, remove = table.locks.held, table.store, table.remove
    loses = not table.definition.updateexpire and not table.dialect.newer

    def write(run: Run, value: Value) -> None:
        key = key_of(run)
        item = value if value.__class__ is str or value.__class__ is int else plain(value)
        if held:
            state.writes(table, key, item, run)
        if loses and item is not None and table.expired(key):
            state.services.note(
                f"{table.name}=>{key} has expired and, with updateexpire=0, stays so in Kamailio 5.6.3: what is written is lost "
                "(fixed in 5.8.6)",
                run.at,
            )
        if item is None:
            if table.changes is not None:
                state.told(table.changes.removed(table.name, key, run.at), run.at)
            remove(key)
        else:
            if table.changes is not None:
                state.told(table.changes.stored(table.name, key, item, run.at), run.at)
            store(key, item)

    return write


def plain(value: Value) -> Item | None:
    """What is stored for a value that is not simply an int or a str."""
    if value is None or value is FAILED:
        return None
    return int(value) if isinstance(value, int) else str(value)


@htable.variables_of("shtex", inner=TABLE_AND_KEY)
def shtex(scope: Bound, inner: Arg[Place], index: Index) -> Read:
    """The seconds that an item has to live; 0 without autoexpire. Assigning a number sets them, 0 and less: it never expires.

    Example: $shtex(calls=>$ci) = 3600;
    """
    state, table, place = located(scope, inner)
    if table is None:
        return lambda run: None
    key_of, held, left = reader(place.key), table.locks.held, table.left

    def read(run: Run) -> Value:
        key = key_of(run)
        if held:
            state.meets(table, key, run)
        return left(key)

    return read


@shtex.writer
def _set_shtex(scope: Bound, inner: Arg[Place], index: Index) -> Write:
    state, table, place = located(scope, inner)
    if table is None:
        return _refuse
    key_of = reader(place.key)

    def write(run: Run, value: Value) -> None:
        key = key_of(run)
        state.meets(table, key, run)
        seconds = int(value) if isinstance(value, int) else 0
        if table.changes is not None:
            state.told(table.changes.expires(table.name, key, seconds, run.at), run.at)
        table.expire_in(key, seconds)

    return write


def _counter(scope: Bound, inner: Arg[Place], amount: int) -> Read:
    state, table, place = located(scope, inner)
    if table is None:
        return lambda run: None
    if not table.definition.dmqreplicate and not table.definition.autoexpire:
        return _plain_counter(state, table, reader(place.key), amount)

    key_of, held, add = reader(place.key), table.locks.held, table.add

    def count(run: Run) -> Value:
        key = key_of(run)
        if held:
            state.meets(table, key, run)
        value = add(key, amount)
        if value is not None and table.changes is not None:
            state.told(table.changes.stored(table.name, key, value, run.at), run.at)
        return value

    return count


def _plain_counter(state: Tables, table: Table, key_of: KeyOf, amount: int) -> Read:
    held, values, added, wrap, initval = table.locks.held, table.values, table.added, table.wrap, table.definition.initval
    get = values.get

    def read(run: Run) -> Value:
        key = key_of(run)
        if held:
            state.meets(table, key, run)
        old = get(key)
        value = initval if old is None else old
        if not isinstance(value, int):
            return None
        value = values[key] = wrap(value + amount)
        if old is None:
            added(key)
        return value

    return read


@htable.variables_of("shtinc", inner=TABLE_AND_KEY)
def shtinc(scope: Bound, inner: Arg[Place], index: Index) -> Read:
    """Adds 1 to an item that is an integer and gives the new value; null where there is none and the table has no initval.

    Example: $var(n) = $shtinc(calls=>$rU);
    """
    return _counter(scope, inner, 1)


@htable.variables_of("shtdec", inner=TABLE_AND_KEY)
def shtdec(scope: Bound, inner: Arg[Place], index: Index) -> Read:
    """Subtracts 1 from an item that is an integer and gives the new value.

    Example: $var(n) = $shtdec(calls=>$rU);
    """
    return _counter(scope, inner, -1)


@htable.variables_of("shtrecord", inner=RECORD_PART)
def shtrecord(scope: Bound, inner: Arg[Literal["key", "value"]], index: Index) -> Read:
    """Key or value of the item that expires, in event_route[htable:expired:...].

    Example: xlog("$shtrecord(key) => $shtrecord(value)\\n");
    """
    assert isinstance(inner, Constant)
    state = tables_of(scope)
    if inner.value == "key":
        return lambda run: FAILED if state.record is None else state.record.key
    return lambda run: FAILED if state.record is None else state.record.value
