"""The functions that set one item: `sht_setxs`, `sht_setxi`, and those of newer versions, `sht_is_null`, `sht_inc`, `sht_dec`."""

from sroute.exports.fixups import FORMAT
from sroute.modules.htable.functions import FALSE, TRUE, given
from sroute.modules.htable.keys import NUMBER
from sroute.modules.htable.module import htable
from sroute.modules.htable.table import NEVER, Item, Table
from sroute.modules.htable.tables import Tables
from sroute.runtime.run import Run
from sroute.source.text import Span

ENDS_SCRIPT = 0
"""What 5.6.3 returns from sht_setxi that worked."""
NULL, NOT_NULL, HAS_INITVAL, NO_TABLE, UNREADABLE = 1, -1, -2, 2, 3


def store_for(state: Tables, table: Table, key: str, value: Item, seconds: int, at: Span | None = None) -> None:
    """Sets an item that lives for some seconds; 0 and less: by the rules of the table."""
    old = table.values.get(key)
    if table.changes is not None:
        # "relication" is what Kamailio logs for integers.
        failed = "dmq set value replication failed" if isinstance(value, str) else "dmq set value relication failed"
        if state.told(table.changes.stored(table.name, key, value, at), at, failed):
            state.told(table.changes.expires(table.name, key, seconds, at), at)
            if seconds <= 0 and table.definition.autoexpire:
                state.services.note(f"at the other nodes {table.name}=>{key} never expires: they are told of {seconds} seconds", at)
    table.store(key, value)
    if seconds <= 0:
        return
    table.expire_at(key, seconds + (table.now() if table.definition.autoexpire else 0))
    if old is not None and table.dialect.int_bits == 32 and table.outgrows(old, value):
        table.expire_at(key, NEVER)
        if table.definition.autoexpire:
            state.services.note(
                f"Kamailio 5.6.3 loses the expiry when sht_setxs makes the string of an item longer, or a number a string: "
                f"{table.name}=>{key} never expires (fixed in 6.0.7 and 6.1.3)",
                at,
            )


def _set(state: Tables, run: Run, table: str, key: str, value: Item, seconds: int | None) -> bool:
    if not given(state, run, ("get htable name", table), ("get item name", key)):
        return False
    if seconds is None:
        state.services.diag("ERROR", "Could not convert PV to int", span=run.at)
        state.complain("cannot get expire value", span=run.at)
        return False
    found = state.all.get(table)
    if found is None:
        state.complain(f"No such htable: {table}", span=run.at)
        return False
    if found.locks.held:
        state.writes(found, key, value, run)
    store_for(state, found, key, value, seconds, run.at)
    return True


@htable.function("sht_setxs", FORMAT, FORMAT, FORMAT, NUMBER)
def sht_setxs(state: Tables, run: Run, table: str, key: str, value: str, seconds: int | None) -> int:
    """Sets an item to a string that lives for some seconds; 0 and less: for the autoexpire of the table.

    Example: sht_setxs("ipban", "$si", "scanner", "3600");
    """
    return TRUE if _set(state, run, table, key, value, seconds) else FALSE


@htable.function("sht_setxi", FORMAT, FORMAT, NUMBER, NUMBER)
def sht_setxi(state: Tables, run: Run, table: str, key: str, value: int | None, seconds: int | None) -> int:
    """Sets an item to an integer that lives for some seconds. In 5.6.3 the script ends behind it.

    Example: sht_setxi("ipban", "$si", "1", "3600");
    """
    if value is None:
        state.services.diag("ERROR", "Could not convert PV to int", span=run.at)
        state.complain("cannot get item value", span=run.at)
        return FALSE
    if not _set(state, run, table, key, value, seconds):
        return FALSE
    if state.services.dialect.newer:
        return TRUE
    state.services.note("sht_setxi returns 0 in Kamailio 5.6.3 and so ends the script (fixed in 6.0.2)", run.at)
    return ENDS_SCRIPT


@htable.function("sht_is_null", FORMAT, FORMAT, since="6.1")
def sht_is_null(state: Tables, run: Run, table: str, key: str) -> int:
    """Whether a key has no item: 1 or 2 (no such table); -1 when it has one, -2 when the table has an initval.

    Example: if (sht_is_null("ipban", "$si")) { xlog("not banned\\n"); }
    """
    if not table or not key:
        return UNREADABLE
    found = state.all.get(table)
    if found is None:
        return NO_TABLE
    if found.definition.initval is not None:
        return HAS_INITVAL
    return NULL if found.get(key) is None else NOT_NULL


def _count(state: Tables, run: Run, table: str, key: str, amount: int) -> int:
    if not table or not key or (found := state.find(table, run)) is None:
        return FALSE
    value = found.add(key, amount)
    if value is None:
        return FALSE
    if found.changes is not None:
        state.told(found.changes.stored(table, key, value, run.at), run.at)
    return TRUE


@htable.function("sht_inc", FORMAT, FORMAT, since="6.1")
def sht_inc(state: Tables, run: Run, table: str, key: str) -> int:
    """Adds 1 to an item that is an integer.

    Example: sht_inc("calls", "$rU");
    """
    return _count(state, run, table, key, 1)


@htable.function("sht_dec", FORMAT, FORMAT, since="6.1")
def sht_dec(state: Tables, run: Run, table: str, key: str) -> int:
    """Subtracts 1 from an item that is an integer.

    Example: sht_dec("calls", "$rU");
    """
    return _count(state, run, table, key, -1)
