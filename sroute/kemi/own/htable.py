"""`KSR.htable`: most functions are those of a script; these differ in what they take or return."""

from sroute.kemi.calls import Offer, Result
from sroute.kemi.engine import Context
from sroute.modules.htable import match
from sroute.modules.htable.functions import remove_matching
from sroute.modules.htable.setters import HAS_INITVAL, NOT_NULL, NULL
from sroute.modules.htable.setters import NO_TABLE as NULL_TABLE
from sroute.modules.htable.table import Item, Table
from sroute.modules.htable.tables import Tables

DONE, FAILED, NOT_A_COUNT = 1, -1, -255
items = Offer()


def _state(context: Context) -> Tables:
    state = context.services.state("htable")
    assert isinstance(state, Tables)
    return state


def _table(context: Context, name: str, complaint: str = "No such htable: {}") -> Table | None:
    found = _state(context).all.get(name)
    if found is None:
        context.complain(complaint.format(name), "htable")
    return found


@items.add("htable", "sht_get")
def get(context: Context, table: str, key: str) -> Result:
    """The value of an item, or None."""
    found = _table(context, table)
    return None if found is None else found.read(key)


@items.add("htable", "sht_gete")
def gete(context: Context, table: str, key: str) -> Result:
    """The value of an item, or an empty text."""
    value = get(context, table, key)
    return "" if value is None else value


@items.add("htable", "sht_getw")
def getw(context: Context, table: str, key: str) -> Result:
    """The value of an item, or `<null>`."""
    value = get(context, table, key)
    return "<null>" if value is None else value


def _store(context: Context, table: str, key: str, value: Item) -> Result:
    state, found = _state(context), _table(context, table)
    if found is None:
        return FAILED
    if found.locks.held:
        state.writes(found, key, value, context.running)
    if found.changes is not None:
        state.told(found.changes.stored(table, key, value, None), None)
    found.store(key, value)
    return DONE


@items.add("htable", "sht_sets")
def sets(context: Context, table: str, key: str, value: str) -> Result:
    """Sets an item to a string."""
    return _store(context, table, key, value)


@items.add("htable", "sht_seti")
def seti(context: Context, table: str, key: str, value: int) -> Result:
    """Sets an item to an integer."""
    return _store(context, table, key, value)


@items.add("htable", "sht_setex")
def setex(context: Context, table: str, key: str, seconds: int) -> Result:
    """Sets how many seconds an item has to live."""
    found = _table(context, table)
    if found is None:
        return FAILED
    if found.changes is not None:
        _state(context).told(found.changes.expires(table, key, seconds, None), None)
    found.expire_in(key, seconds)
    return DONE


def _rm_re(context: Context, table: str, pattern: str, *, by_value: bool) -> Result:
    state = _state(context)
    found = state.all.get(table)
    if found is None:
        return DONE
    if found.changes is not None:
        told = found.changes.removed_matching(table, "re", pattern, None, by_value=by_value)
        state.told(told, None, f"dmq replication failed for [{table}]")
    try:
        test = match.matches(pattern)
    except match.BadExpressionError as error:
        context.complain(str(error), "htable")
        return FAILED
    remove_matching(state, context.running, found, test, by_value=by_value)
    return DONE


@items.add("htable", "sht_rm_name_re")
def rm_name_re(context: Context, table: str, pattern: str) -> Result:
    """Deletes all items whose name matches."""
    return _rm_re(context, table, pattern, by_value=False)


@items.add("htable", "sht_rm_value_re")
def rm_value_re(context: Context, table: str, pattern: str) -> Result:
    """Deletes all items whose string value matches."""
    return _rm_re(context, table, pattern, by_value=True)


@items.add("htable", "sht_reset")
def reset(context: Context, table: str) -> Result:
    """Deletes all items: 0."""
    found = _table(context, table, "cannot get hash table [{}]")
    if found is None:
        return FAILED
    found.clear()
    return 0


@items.add("htable", "sht_lock")
def lock(context: Context, table: str, key: str) -> Result:
    """Locks the slot of a key."""
    found = _table(context, table, "cannot get hash table by name [{}] (0)")
    if found is None:
        return FAILED
    process = context.running.process
    hold = found.locks.take(found.locks.slot(key), process, "sht_lock", None)
    if hold is not None:
        _state(context).hangs(hold, found, f"process {process.rank}", None)
    return DONE


@items.add("htable", "sht_unlock")
def unlock(context: Context, table: str, key: str) -> Result:
    """Unlocks the slot of a key."""
    found = _table(context, table, "cannot get hash table by name [{}] (1)")
    if found is None:
        return FAILED
    found.locks.give(found.locks.slot(key), context.running.process)
    return DONE


@items.add("htable", "sht_is_null")
def is_null(context: Context, table: str, key: str) -> Result:
    """1 no item, -1 an item, -2 no item but an initval, 2 no such table."""
    found = _state(context).all.get(table)
    if found is None:
        return NULL_TABLE
    if found.definition.initval is not None:
        return HAS_INITVAL
    return NULL if found.get(key) is None else NOT_NULL


def _add(context: Context, table: str, key: str, amount: int) -> Result:
    found = _table(context, table)
    value = None if found is None else found.add(key, amount)
    if found is None or value is None:
        return NOT_A_COUNT
    if found.changes is not None:
        _state(context).told(found.changes.stored(table, key, value, None), None)
    return value


@items.add("htable", "sht_inc")
def inc(context: Context, table: str, key: str) -> Result:
    """Adds 1: the new value, or -255."""
    return _add(context, table, key, 1)


@items.add("htable", "sht_dec")
def dec(context: Context, table: str, key: str) -> Result:
    """Subtracts 1: the new value, or -255."""
    return _add(context, table, key, -1)
