"""The functions that lock: `sht_lock` and `sht_unlock`."""

from sroute.exports.fixups import Arg, Constant, reader
from sroute.modules.htable.functions import TRUE, Act
from sroute.modules.htable.keys import TABLE_AND_KEY, Place
from sroute.modules.htable.module import htable
from sroute.modules.htable.tables import Tables
from sroute.modules.htable.variables import Bound
from sroute.runtime.run import Run

NO_TABLE = -11
"""What both return without a table."""


@htable.function("sht_lock", TABLE_AND_KEY, bound=True)
def sht_lock(scope: Bound, state: Tables, table_key: Arg[Place]) -> Act:
    """Locks the slot of a key for this process, until sht_unlock.

    Example: sht_lock("calls=>$rU");
    """
    state.start(scope.services)
    assert isinstance(table_key, Constant)
    table, key_of = state.all.get(table_key.value.table), reader(table_key.value.key)
    if table is None:
        return _no_root(state)

    def lock(run: Run) -> int:
        slot = table.locks.slot(key_of(run))
        hold = table.locks.take(slot, run.process, "sht_lock", run.at)
        if hold is not None:
            state.hangs(hold, table, f"process {run.process.rank}", run.at)
        return TRUE

    return lock


@htable.function("sht_unlock", TABLE_AND_KEY, bound=True)
def sht_unlock(scope: Bound, state: Tables, table_key: Arg[Place]) -> Act:
    """Unlocks the slot of a key.

    Example: sht_unlock("calls=>$rU");
    """
    state.start(scope.services)
    assert isinstance(table_key, Constant)
    table, key_of = state.all.get(table_key.value.table), reader(table_key.value.key)
    if table is None:
        return _no_root(state)

    def unlock(run: Run) -> int:
        slot = table.locks.slot(key_of(run))
        if not table.locks.give(slot, run.process):
            state.services.note(f"slot {slot} of htable [{table.name}] is unlocked, which this process has not locked", run.at)
        return TRUE

    return unlock


def _no_root(state: Tables) -> Act:
    def fail(run: Run) -> int:
        state.complain("cannot get $sht root", span=run.at)
        return NO_TABLE

    return fail
