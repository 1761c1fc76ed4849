"""The functions that work on whole tables: `sht_print`, `sht_rm*`, `sht_match*`, `sht_reset`."""

from collections.abc import Callable

from sroute.exports.fixups import FORMAT, Arg, Constant, reader
from sroute.modules.htable import match
from sroute.modules.htable.keys import TABLE_AND_KEY, Place
from sroute.modules.htable.module import htable
from sroute.modules.htable.table import Table
from sroute.modules.htable.tables import Tables
from sroute.modules.htable.variables import Bound
from sroute.runtime.hashing import core_case_hash
from sroute.runtime.run import Run

TRUE = 1
FALSE = -1
ENDS_SCRIPT = 0
MOST_PRINTED = 1 << 20
"""Slots of a table that sht_print shows."""
CELL = {False: 73, True: 81}
"""Bytes of an item besides its name and string, by whether integers are 64 bits wide."""

Act = Callable[[Run], int]


@htable.function("sht_print")
def sht_print(state: Tables, run: Run) -> int:
    """Logs the content of all tables at level ERROR.

    Example: sht_print();
    """
    for table in state.all.values():
        state.meets_any(table, run)
        for line in printed(table):
            state.complain(line, span=run.at)
        if table.definition.slots > MOST_PRINTED:
            state.services.note(
                f"sht_print shows {MOST_PRINTED} slots of htable [{table.name}]; Kamailio shows all {table.definition.slots}", run.at
            )
    return TRUE


def printed(table: Table) -> list[str]:
    """The lines that sht_print logs for a table: every slot, also the empty ones."""
    lines = [f"htable[{table.name}] hid: {core_case_hash(table.name)} exp: {table.definition.autoexpire}>"]
    filled = dict(table.order.slots())
    for slot in range(min(table.definition.slots, MOST_PRINTED)):
        keys = filled.get(slot, [])
        lines.append(f"htable[{slot}] -- <{len(keys)}>")
        for key in keys:
            lines.extend(_cell(table, key))
    return lines


def _cell(table: Table, key: str) -> list[str]:
    value, room = table.values[key], table.room(key)
    text = isinstance(value, str)
    size = CELL[table.dialect.int_bits == 64] + len(key) + (0 if room is None else room + 1)
    head = f"\thid: {core_case_hash(key)} msize: {size} flags: {2 if text else 0} expire: {table.expiries.get(key, 0)}"
    return [f"\tcell: {key}", head, f"\tv-{'s' if text else 'i'}:{value}"]


@htable.function("sht_rm", FORMAT, FORMAT)
def sht_rm(state: Tables, run: Run, table: str, key: str) -> int:
    """Deletes an item; true also when there was none.

    Example: sht_rm("ipban", "$si");
    """
    if not given(state, run, ("get the hash table name", table), ("get the item table name", key)):
        return FALSE
    found = state.find(table, run)
    if found is None:
        return FALSE
    if found.locks.held:
        state.writes(found, key, None, run)
    if found.changes is not None:
        state.told(found.changes.removed(table, key, run.at), run.at)
    found.remove(key)
    return TRUE


def _named(table: str, operator: str, text: str) -> tuple[tuple[str, str], ...]:
    return ("get the hash table name", table), ("get the match operation", operator), ("the get match value", text)


def given(state: Tables, run: Run, *texts: tuple[str, str]) -> bool:
    """Whether all texts are there; the first one that is empty is logged."""
    for what, text in texts:
        if not text:
            state.complain(f"cannot {what}", span=run.at)
            return False
    return True


def _remover(state: Tables, place: Arg[Place], *, by_value: bool) -> Act:
    assert isinstance(place, Constant)
    table, pattern_of = state.all.get(place.value.table), reader(place.value.key)

    def remove(run: Run) -> int:
        pattern = pattern_of(run)
        if table is None:
            return TRUE
        if not pattern:
            return FALSE
        _tell(state, run, table, ("re", pattern), f"dmq replication failed for [{table.name}]", by_value=by_value)
        try:
            test = match.matches(pattern)
        except match.BadExpressionError as error:
            state.complain(str(error), span=run.at)
            return FALSE
        remove_matching(state, run, table, test, by_value=by_value)
        return TRUE

    return remove


def _tell(state: Tables, run: Run, table: Table, matching: tuple[str, str], failed: str, *, by_value: bool) -> None:
    """Replicates a deletion, which 5.6.3 does before it looks at the expression."""
    if table.changes is not None:
        state.told(table.changes.removed_matching(table.name, *matching, run.at, by_value=by_value), run.at, failed)


def remove_matching(state: Tables, run: Run, table: Table, test: match.Test, *, by_value: bool) -> None:
    """Deletes all items whose name, or string value, passes a test."""
    state.meets_any(table, run)
    if by_value:
        gone = [key for key, value in table.values.items() if isinstance(value, str) and test(value)]
    else:
        gone = [key for key in table.values if test(key)]
    if table.locks.held:
        state.frees(table, gone, run)
    for key in gone:
        table.remove(key)
    if len(gone) > len(table.values):
        table.shrink()


@htable.function("sht_rm_name_re", TABLE_AND_KEY, bound=True)
def sht_rm_name_re(scope: Bound, state: Tables, table_regexp: Arg[Place]) -> Act:
    """Deletes all items whose name matches a regular expression (extended, without regard to case).

    Example: sht_rm_name_re("ipban=>^10\\.");
    """
    state.start(scope.services)
    return _remover(state, table_regexp, by_value=False)


@htable.function("sht_rm_value_re", TABLE_AND_KEY, bound=True)
def sht_rm_value_re(scope: Bound, state: Tables, table_regexp: Arg[Place]) -> Act:
    """Deletes all items whose string value matches a regular expression.

    Example: sht_rm_value_re("calls=>^ended");
    """
    state.start(scope.services)
    return _remover(state, table_regexp, by_value=True)


def _remove_items(state: Tables, run: Run, table: str, operator: str, text: str, *, by_value: bool) -> int:
    if not given(state, run, *_named(table, operator, text)) or (found := state.find(table, run)) is None:
        return FALSE
    newer = state.services.dialect.newer
    if operator in match.deletions(newer=newer):
        _tell(state, run, found, (operator, text), f"dmq replication failed (op {int(by_value)})", by_value=by_value)
    try:
        test = match.deletion(operator, text, newer=newer)
    except match.BadExpressionError as error:
        state.complain(str(error), error.level, run.at)
        return FALSE
    remove_matching(state, run, found, test, by_value=by_value)
    return TRUE


@htable.function("sht_rm_name", FORMAT, FORMAT, FORMAT)
def sht_rm_name(state: Tables, run: Run, table: str, operator: str, text: str) -> int:
    """Deletes all items whose name matches: `re` a regular expression, `sw` starts with.

    Example: sht_rm_name("ipban", "sw", "10.");
    """
    return _remove_items(state, run, table, operator, text, by_value=False)


@htable.function("sht_rm_value", FORMAT, FORMAT, FORMAT)
def sht_rm_value(state: Tables, run: Run, table: str, operator: str, text: str) -> int:
    """Deletes all items whose string value matches: `re` a regular expression, `sw` starts with.

    Example: sht_rm_value("calls", "re", "^ended");
    """
    return _remove_items(state, run, table, operator, text, by_value=True)


def _any_matches(state: Tables, run: Run, table: str, operator: str, text: str, *, by_value: bool) -> int:
    if not given(state, run, *_named(table, operator, text)) or (found := state.find(table, run)) is None:
        return FALSE
    state.meets_any(found, run)
    try:
        test = match.question(operator, text)
    except match.BadExpressionError as error:
        state.complain(str(error), error.level, run.at)
        return FALSE
    if by_value:
        return TRUE if any(isinstance(value, str) and test(value) for value in found.values.values()) else FALSE
    return TRUE if any(map(test, found.values)) else FALSE


@htable.function("sht_has_name", FORMAT, FORMAT, FORMAT)
@htable.function("sht_match_name", FORMAT, FORMAT, FORMAT)
def sht_match_name(state: Tables, run: Run, table: str, operator: str, text: str) -> int:
    """Whether any item has a name that matches: `eq` equals, `ne` differs, `re` regular expression, `sw` starts with.

    Example: if (sht_match_name("ipban", "sw", "10.")) { xlog("a private address is banned\\n"); }
    """
    return _any_matches(state, run, table, operator, text, by_value=False)


@htable.function("sht_has_str_value", FORMAT, FORMAT, FORMAT)
@htable.function("sht_match_str_value", FORMAT, FORMAT, FORMAT)
def sht_match_str_value(state: Tables, run: Run, table: str, operator: str, text: str) -> int:
    """Whether any item has a string value that matches: `eq` equals, `ne` differs, `re` regular expression, `sw` starts with.

    Example: if (sht_match_str_value("calls", "eq", "ended")) { xlog("some call has ended\\n"); }
    """
    return _any_matches(state, run, table, operator, text, by_value=True)


@htable.function("bind_htable")
def bind_htable(state: Tables, run: Run) -> int:
    """What other modules call to use htable: not meant for scripts, in which it does nothing and ends the script.

    Example: bind_htable();
    """
    state.services.note("bind_htable() is for other modules: in a script Kamailio writes over the message, and the script ends", run.at)
    return ENDS_SCRIPT


@htable.function("sht_reset", FORMAT)
def sht_reset(state: Tables, run: Run, table: str) -> int:
    """Deletes all items of a table.

    Example: sht_reset("ipban");
    """
    if not given(state, run, ("get hash table name", table)) or (found := state.find(table, run)) is None:
        return FALSE
    state.meets_any(found, run)
    if found.locks.held:
        state.frees(found, found.values, run)
    found.clear()
    return TRUE
