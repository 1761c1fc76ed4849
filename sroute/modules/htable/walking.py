"""The functions and variables of iterators."""

from collections.abc import Callable

from sroute.exports.fixups import FORMAT, Arg, Constant, reader
from sroute.exports.variable import Index
from sroute.modules.htable.functions import FALSE, TRUE, Act
from sroute.modules.htable.iterators import IteratorError, Iterators, Walk, of_process
from sroute.modules.htable.keys import ITERATOR_NAME, NUMBER
from sroute.modules.htable.module import htable
from sroute.modules.htable.table import Item
from sroute.modules.htable.tables import Tables
from sroute.modules.htable.variables import Bound
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value

REMOVED_LAST = -2
"""What sht_iterator_rm returns when there is no item behind the one that it deleted."""


def _tried(state: Tables, run: Run, name: str, call: Callable[[Iterators], int]) -> int:
    """What a call returns; a failure is logged and false."""
    if not name:
        state.complain("cannot get iterator name", span=run.at)
        return FALSE
    try:
        return call(of_process(run.process))
    except IteratorError as error:
        state.complain(str(error), span=run.at)
        return FALSE


@htable.function("sht_iterator_start", FORMAT, FORMAT)
def sht_iterator_start(state: Tables, run: Run, name: str, table: str) -> int:
    """Starts an iterator over a table; four can run at the same time. It stands in front of the first item.

    Example: sht_iterator_start("i", "ipban");
    """
    if name and not table:
        state.complain("cannot get hash table name", span=run.at)
        return FALSE

    def start(known: Iterators) -> int:
        walk = known.started(name)
        walk.at = run.at
        walk.table = state.find(table, run)
        return FALSE if walk.table is None else TRUE

    return _tried(state, run, name, start)


@htable.function("sht_iterator_next", FORMAT, bound=True)
def sht_iterator_next(scope: Bound, state: Tables, name: Arg[str]) -> Act:
    """Moves an iterator to the next item; false behind the last one. `$shtitkey(name)` and `$shtitval(name)` are the item.

    Example: while (sht_iterator_next("i")) { xlog("$shtitkey(i)\\n"); }
    """
    name_of = reader(name)

    def forward(run: Run) -> int:
        called = name_of(run)
        walk = of_process(run.process).get(called)
        if walk is None or walk.table is None:
            return _tried(state, run, called, lambda known: TRUE if known.running(called).forward(run.at) else FALSE)
        return TRUE if _forward(state, run, walk) else FALSE

    return forward


def _forward(state: Tables, run: Run, walk: Walk) -> bool:
    """Moves an iterator, and says when a slot that it passes is held by another process."""
    table, before = walk.table, walk.slot
    assert table is not None
    found = walk.forward(run.at)
    if walk.slot != before or not found:
        held = table.locks.held
        if len(held) > 1 or any(hold.process is not run.process for hold in held.values()):
            state.passes(table, -1 if before is None else before, walk.slot, run)
    return found


@htable.function("sht_iterator_end", FORMAT)
def sht_iterator_end(state: Tables, run: Run, name: str) -> int:
    """Ends an iterator and unlocks the slot of its item.

    Example: sht_iterator_end("i");
    """

    def end(known: Iterators) -> int:
        known.ended(name)
        return TRUE

    return _tried(state, run, name, end)


@htable.function("sht_iterator_rm", FORMAT)
def sht_iterator_rm(state: Tables, run: Run, name: str) -> int:
    """Deletes the item of an iterator and moves to the next one.

    Example: sht_iterator_rm("i");
    """

    def remove(known: Iterators) -> int:
        walk = known.used(name)
        assert walk.table is not None
        assert walk.key is not None
        walk.table.remove(walk.key)
        return TRUE if _forward(state, run, walk) else REMOVED_LAST

    return _tried(state, run, name, remove)


def _set_current(walk: Walk, value: Item) -> int:
    """Changes the value in place; the expiry begins anew only with updateexpire."""
    table, key = walk.table, walk.key
    assert table is not None
    assert key is not None
    if key in table.values:
        table.store(key, value)
    walk.value = value
    return TRUE


@htable.function("sht_iterator_sets", FORMAT, FORMAT)
def sht_iterator_sets(state: Tables, run: Run, name: str, value: str) -> int:
    """Sets the item of an iterator to a string.

    Example: sht_iterator_sets("i", "seen");
    """
    if not name:
        state.complain("invalid parameters", span=run.at)
        return FALSE
    return _tried(state, run, name, lambda known: _set_current(known.used(name), value))


@htable.function("sht_iterator_seti", FORMAT, NUMBER)
def sht_iterator_seti(state: Tables, run: Run, name: str, value: int | None) -> int:
    """Sets the item of an iterator to an integer.

    Example: sht_iterator_seti("i", "1");
    """
    if name and value is None:
        return _no_number(state, run, "cannot get item value")
    return _tried(state, run, name, lambda known: _set_current(known.used(name), value or 0))


@htable.function("sht_iterator_setex", FORMAT, NUMBER)
def sht_iterator_setex(state: Tables, run: Run, name: str, seconds: int | None) -> int:
    """Sets how many seconds the item of an iterator has to live from now.

    Example: sht_iterator_setex("i", "60");
    """
    if name and seconds is None:
        return _no_number(state, run, "cannot get expire value")

    def prolong(known: Iterators) -> int:
        walk = known.used(name)
        assert walk.table is not None
        assert walk.key is not None
        if walk.key in walk.table.values:
            walk.table.expire_at(walk.key, walk.table.now() + (seconds or 0))
        return TRUE

    return _tried(state, run, name, prolong)


def _no_number(state: Tables, run: Run, what: str) -> int:
    state.services.diag("ERROR", "Could not convert PV to int", span=run.at)
    state.complain(what, span=run.at)
    return FALSE


@htable.variables_of("shtitkey", inner=ITERATOR_NAME)
def shtitkey(scope: Bound, inner: Arg[str], index: Index) -> Read:
    """The name of the item on which an iterator stands.

    Example: xlog("$shtitkey(i)\\n");
    """
    assert isinstance(inner, Constant)
    name: str = inner.value

    def read(run: Run) -> Value:
        walk = of_process(run.process).get(name)
        return None if walk is None else walk.key

    return read


@htable.variables_of("shtitval", inner=ITERATOR_NAME)
def shtitval(scope: Bound, inner: Arg[str], index: Index) -> Read:
    """The value of the item on which an iterator stands.

    Example: xlog("$shtitval(i)\\n");
    """
    assert isinstance(inner, Constant)
    name: str = inner.value

    def read(run: Run) -> Value:
        walk = of_process(run.process).get(name)
        return None if walk is None else walk.current()

    return read
