"""What the timer does: items go when it finds them past their time, each after its event route; tables are loaded again (newer)."""

from sroute.db.database import DbError
from sroute.modules.htable import content
from sroute.modules.htable.table import Table
from sroute.modules.htable.tables import Record, Tables
from sroute.runtime.routes import Routes

DEFAULT_INTERVAL = 20
EVENT = "htable:expired:"
RELOADED = "htable:reloaded:"


def schedule(state: Tables) -> None:
    """Starts the timer, if any table has items that expire: without one no table is loaded again either."""
    if any(table.definition.autoexpire for table in state.all.values()):
        interval = state.timer_interval if state.timer_interval > 0 else DEFAULT_INTERVAL
        state.services.timers.every(interval, lambda: scan(state))


def scan(state: Tables) -> None:
    """One run of the timer: all tables in their order; with timer_procs each process its own slots."""
    _reload(state)
    workers = max(state.timer_procs, 1)
    expiring = [table for table in state.all.values() if table.definition.autoexpire]
    for table in expiring:
        for hold in table.locks.held.values():
            state.hangs(hold, table, "the timer", None)
    late = [table for table in expiring if table.earliest < table.now()]
    told = [table for table in late if state.event_callback or state.services.has_route(Routes.EVENT, EVENT + table.name)]
    gone = dict.fromkeys((table.name for table in late), 0)
    for worker in range(workers):
        for table in told:
            gone[table.name] += _collect(state, table, worker, workers)
    for table in late:
        if table not in told:
            gone[table.name] = _drop(table)
        if gone[table.name] > len(table.values):
            table.shrink()
        table.settle()


def _reload(state: Tables) -> None:
    """Loads the tables again whose reloadat has passed; at the first run of the timer all that have one."""
    for table in state.all.values():
        defined = table.definition
        if not (defined.reloadat and defined.dbtable and state.db_url) or state.reloads.get(table.name, 0) > table.now():
            continue
        state.reloads[table.name] = table.now() + defined.reloadat
        try:
            content.load(state, table)
        except (DbError, content.BadRowError) as error:
            state.complain(str(error))
            continue
        _run_event(state, RELOADED + table.name)


def _drop(table: Table) -> int:
    """Removes what is past its time in a table without an event route, where nobody sees in which order; how many."""
    now = table.now()
    due = [key for key, when in table.expiries.items() if when < now]
    table.remove_all(due)
    return len(due)


def _collect(state: Tables, table: Table, worker: int, workers: int) -> int:
    """Lets the items of one process's slots expire; how many were past their time."""
    now = table.now()
    slot = table.locks.slot
    due = [key for key, when in table.expiries.items() if when < now and (workers == 1 or slot(key) % workers == worker)]
    due.sort(key=table.rank)
    event = EVENT + table.name
    for key in due:
        if not table.expired(key):  # the event route of another item has changed its fate
            continue
        _announce(state, table, key, event)
        if not (state.services.dialect.newer and _prolonged(table, key)):
            table.remove(key)
    return len(due)


def _announce(state: Tables, table: Table, key: str, event: str) -> None:
    state.record = Record(key, table.values[key])
    try:
        _run_event(state, event)
    finally:
        state.record = None


def _run_event(state: Tables, event: str) -> None:
    called = state.event_callback
    run = state.services.run_kemi(called, event) if called else state.services.run_event(event)
    if run is not None:
        state.warn_of_held(run)


def _prolonged(table: Table, key: str) -> bool:
    """Whether the event route gave the item an expiry that is not past; never (0) counts as past."""
    return table.expiries.get(key, 0) >= table.now()
