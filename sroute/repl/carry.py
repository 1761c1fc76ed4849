"""What a restarted instance takes over from the one before it: tables, shared and script variables."""

from sroute.instance.instance import Instance
from sroute.modules.htable.tables import Tables
from sroute.modules.pv.module import Shared
from sroute.modules.usrloc.declaration import usrloc
from sroute.runtime.run import Run


def tables(old: Instance, new: Instance) -> list[str]:
    """Copies items with their expiry, `$shv`, locations, `$var`; the names of tables whose items found no place."""
    lost: list[str] = []
    before, after = old.states.get("htable"), new.states.get("htable")
    if isinstance(before, Tables):
        known = after.all if isinstance(after, Tables) else {}
        for name, table in before.all.items():
            if name in known:
                known[name].replace(dict(table.values), dict(table.expiries))
            elif table.values:
                lost.append(name)
    if usrloc.name in old.states and usrloc.name in new.states:
        for name, location in old.states[usrloc.name].tables.items():
            if name in new.states[usrloc.name].tables:
                new.states[usrloc.name].tables[name].records.update(location.records)
    shared, fresh = old.states.get("pv"), new.states.get("pv")
    if isinstance(shared, Shared) and isinstance(fresh, Shared):
        fresh.shared.update(shared.shared)
    new.worker.vars.update(old.worker.vars)
    new.worker.vns.update(old.worker.vns)
    new.worker.vzs.update(old.worker.vzs)
    return lost


def stores(old: Run, new: Run) -> None:
    """Gives the AVPs, XAVPs and destinations of a run to the one that takes its place."""
    new.avps, new.xavps, new.xavus, new.xavis, new.dset = old.avps, old.xavps, old.xavus, old.xavis, old.dset
    new.rc = old.rc
