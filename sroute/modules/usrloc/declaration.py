"""The module itself: its parameters, its start, and the timer that takes out what has expired."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.module import InitError, Module
from sroute.modules.usrloc.binding import Binding, RecordIds
from sroute.modules.usrloc.tables import Matching, Store, Table
from sroute.runtime.services import Services

COLUMNS = {
    "ruid": "ruid", "user": "username", "domain": "domain", "contact": "contact", "received": "received", "path": "path",
    "expires": "expires", "q": "q", "callid": "callid", "cseq": "cseq", "flags": "flags", "cflags": "cflags",
    "user_agent": "user_agent", "socket": "socket", "methods": "methods", "instance": "instance", "reg_id": "reg_id",
    "server_id": "server_id", "connection_id": "connection_id", "keepalive": "keepalive", "partition": "partition",
    "last_modified": "last_modified",
}  # fmt: skip
"""The columns of the table by what they hold, with their default names."""
NOT_SIMULATED = ("ka_mode", "close_expired_tcp", "handle_lost_tcp", "load_rank", "server_id_filter")


@dataclass(slots=True)
class Usrloc:
    """The module's parameters, its tables in the order of their use, and who hears of expired bindings."""

    use_domain: int = 0
    desc_time_order: int = 0
    timer_interval: int = 60
    timer_procs: int = 0
    db_url: str = "mysql://kamailio:kamailiorw@localhost/kamailio"
    db_mode: int = 0
    db_load: int = 1
    db_update_as_insert: int = 0
    db_check_update: int = 0
    db_insert_update: int = 0
    db_insert_null: int = 0
    db_ops_ruid: int = 1
    db_timer_clean: int = 0
    db_raw_fetch_type: int = 0
    db_clean_tcp: int = 0
    expires_type: int = 0
    matching_mode: int = 0
    cseq_delay: int = 20
    fetch_rows: int = 2000
    hash_size: int = 10
    nat_bflag: int = -1
    rm_expired_delay: int = 0
    skip_remote_socket: int = 0
    version_table: int = 1
    xavp_contact: str = ""
    ka_mode: int = 0
    close_expired_tcp: int = 0
    handle_lost_tcp: int = 0
    load_rank: int = 1
    server_id_filter: int = 0
    columns: dict[str, str] = field(default_factory=lambda: dict(COLUMNS))
    preload: list[str] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    expired: list[Callable[[Table, Binding], None]] = field(default_factory=list)
    store: Store | None = None
    ticking: list[Callable[[], None]] = field(default_factory=list)
    """What the timer does besides, and ul.flush at once."""
    checks: list[Callable[[str], None]] = field(default_factory=list)
    """What has to hold of a table's name; each raises FixupError."""
    rows: object = None
    """The database's rows, where there is a database."""
    rpc_ids: RecordIds | None = None
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    @property
    def now(self) -> int:
        """The time in whole seconds."""
        return int(self.instance.clock.now())

    def table(self, name: str) -> Table:
        """The table of a name; it is there from its first use in the script on."""
        found = self.tables.get(name)
        if found is None:
            for check in self.checks:
                check(name)
            order = Matching(self.matching_mode, self.cseq_delay, bool(self.desc_time_order))
            slots = 1 << (self.hash_size if self.hash_size > 0 else 9)
            found = self.tables[name] = Table(name, slots, order, self.store, self.db_mode != DB_ONLY)
            self._count(found)
        return found

    def _count(self, table: Table) -> None:
        """The statistics of a table."""
        counters = self.instance.counters
        counters.work_out("usrloc", f"{table.name}_users", lambda: len(table.records))
        counters.work_out("usrloc", f"{table.name}_contacts", lambda: sum(len(record.bindings) for record in table.records.values()))
        counters.register("usrloc", f"{table.name}_expires")

    def natted(self, cflags: int) -> bool:
        """Whether branch flags say that a contact is behind NAT."""
        return self.nat_bflag >= 0 and bool(cflags >> self.nat_bflag & 1)

    def complain(self, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "usrloc")


DB_NONE, DB_WRITE_THROUGH, DB_WRITE_BACK, DB_ONLY, DB_READ_ONLY = range(5)

usrloc = Module("usrloc", Usrloc, "Keeps who is registered where, in memory and in a database.")
usrloc.setting("use_domain", "int", doc="1: addresses of record are user@domain, 0: the user alone (0).")
usrloc.setting("desc_time_order", "int", doc="1: bindings are tried newest first, 0: by q (0).")
usrloc.setting("timer_interval", "int", doc="Seconds between two looks for expired bindings (60).")
usrloc.setting("timer_procs", "int", doc="How many processes of their own look for expired bindings; 0: the core's timer does (0).")
usrloc.setting("db_url", "str", doc="The database, used where db_mode says so.")
usrloc.setting("db_mode", "int", doc="0 memory only, 1 write through, 2 write back by timer, 3 database only, 4 read at start only (0).")
usrloc.setting("db_load", "int", doc="1: bindings are loaded at start (1).")
usrloc.setting("db_update_as_insert", "int", doc="1: renewed bindings are inserted as new rows (0).")
usrloc.setting("db_check_update", "int", doc="1: a renewal that changes no row becomes an insertion (0).")
usrloc.setting("db_insert_update", "int", doc="1: insertions replace a row with the same key (0).")
usrloc.setting("db_insert_null", "int", doc="1: columns without a value are written as NULL (0).")
usrloc.setting("db_ops_ruid", "int", doc="1: rows are found by their ruid (1).")
usrloc.setting("db_timer_clean", "int", doc="1: the timer deletes expired rows (0).")
usrloc.setting("expires_type", "int", doc="1: the times in the table are numbers (0).")
usrloc.setting("matching_mode", "int", doc="Contacts are the same by address (0), and Call-ID (1), and Path (2), by Call-ID alone (3).")
usrloc.setting("cseq_delay", "int", doc="Seconds for which the same CSeq is a retransmission (20).")
usrloc.setting("fetch_rows", "int", doc="How many rows are fetched at once (2000).")
usrloc.setting("hash_size", "int", doc="The table has 2 to the power of this slots; it decides the order of ul.dump (10).")
usrloc.setting("nat_bflag", "int", doc="The branch flag that marks contacts behind NAT.")
usrloc.setting("rm_expired_delay", "int", doc="Seconds for which an expired binding stays (0).")
usrloc.setting("skip_remote_socket", "int", doc="1: a binding received on a socket that is not there is not loaded (0).")
usrloc.setting("version_table", "int", doc="1: the version of the table is checked at start (1).")
usrloc.setting("xavp_contact", "str", doc="The `$xavp` that is kept with a binding and comes back with lookup().")
for _name in NOT_SIMULATED:
    usrloc.setting(_name, "int", doc="Read, not simulated.")


def _column(holds: str) -> None:
    def apply(state: Usrloc, value: str) -> None:
        state.columns[holds] = value

    apply.__doc__ = f"The column of the table that holds {holds} ({COLUMNS[holds]})."
    usrloc.param(f"{holds}_column", "str")(apply)


for _holds in COLUMNS:
    if _holds != "last_modified":
        _column(_holds)


@usrloc.param("preload", "str")
def _preload(state: Usrloc, name: str) -> None:
    """A table that is there from the start, though no function names it. May be given several times."""
    state.preload.append(name)


def _init(state: Usrloc, scope: Any) -> None:
    services = state.services = scope.services
    if state.matching_mode not in range(4):
        state.complain(f"invalid matching mode {state.matching_mode}")
    if state.nat_bflag > 31:
        raise InitError(f"bflag index ({state.nat_bflag}) too big!")
    if state.rm_expired_delay and state.db_mode != DB_ONLY:
        raise InitError("rm expired delay feature is available for db only mode")
    for name in NOT_SIMULATED:
        if getattr(state, name) != Usrloc.__dataclass_fields__[name].default:
            services.note(f'modparam("usrloc", "{name}") is not simulated')
    services.counters.work_out("usrloc", "registered_users", lambda: sum(len(table.records) for table in state.tables.values()))
    state.rpc_ids = RecordIds("ulcx", int(services.clock.started), services.process().pid + 1)
    if state.timer_interval > 0:
        services.timers.every(state.timer_interval, lambda: tick(state))


def tick(state: Usrloc) -> None:
    """What the timer does: it looks for expired bindings, and brings the database up to date."""
    before = state.now - state.rm_expired_delay
    for table in list(state.tables.values()):

        def told(binding: Binding, table: Table = table) -> None:
            state.instance.counters.register("usrloc", f"{table.name}_expires").value += 1
            for hear in state.expired:
                hear(table, binding)

        table.expire(before, told)
    for work in state.ticking:
        work()


def _shown(state: Usrloc) -> dict[str, dict[str, Any]]:
    """The tables for people."""
    now = state.now
    return {
        name: {
            f"{record.aor} {binding.address}": f"expires in {binding.expires - now} s" if binding.expires else "permanent"
            for record in table.listed()
            for binding in record.bindings
        }
        for name, table in state.tables.items()
    }


usrloc.hooks.init.append(_init)
usrloc.hooks.tables.append(_shown)
