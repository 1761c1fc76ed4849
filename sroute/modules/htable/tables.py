"""The state of the module in one instance: its parameters and its tables."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from sroute.exports.module import InitError
from sroute.modules.htable.definition import EVENT_NAME_LIMIT, define
from sroute.modules.htable.iterators import LIMIT, of_process
from sroute.modules.htable.locks import Hold
from sroute.modules.htable.table import Item, Table
from sroute.runtime.run import Process, Run
from sroute.runtime.services import Services
from sroute.source.text import Span

SLOT_BYTES = 32
SHARED_MB = 64
MOST_SLOTS = 1 << 31


@dataclass(frozen=True, slots=True)
class Record:
    """The item whose expiry an event route is told of."""

    key: str
    value: Item


class Tables:
    """All tables, and what modparam set."""

    def __init__(self) -> None:
        """The defaults of the parameters."""
        self.definitions: list[str] = []
        self.db_url = ""
        self.key_name_column = "key_name"
        self.key_type_column = "key_type"
        self.value_type_column = "value_type"
        self.key_value_column = "key_value"
        self.expires_column = "expires"
        self.array_size_suffix = "::size"
        self.fetch_rows = 100
        self.timer_interval = 20
        self.db_expires = 0
        self.enable_dmq = 0
        self.dmq_init_sync = 0
        self.dmq_peer_id = "htable"
        self.timer_procs = 0
        self.event_callback = ""
        self.event_callback_mode = 0
        self.record: Record | None = None
        self.ask_nodes: Callable[[str], bool] | None = None
        """Asks other nodes for the content of a table; None without DMQ."""
        self.reloads: dict[str, int] = {}
        """When tables with reloadat are loaded next."""
        self._tables: dict[str, Table] | None = None
        self._services: Services | None = None

    @property
    def services(self) -> Services:
        """The instance."""
        assert self._services is not None, "a table is asked for before the module has started"
        return self._services

    def start(self, services: Services) -> None:
        """Makes the tables, once. In Kamailio a new table goes in front, so all walks are in reverse order of definition."""
        if self._tables is not None:
            return
        self._services = services
        made: dict[str, Table] = {}
        for text in self.definitions:
            definition = define(text, services.dialect)
            if definition.name in made:
                raise InitError(f"htable already configured [{definition.name}]")
            if definition.slots >= MOST_SLOTS:
                raise InitError(f"no more shared memory for [{definition.name}]")
            made[definition.name] = Table(definition, services.clock, services.dialect)
        self._tables = dict(reversed(made.items()))
        for table in made.values():
            if table.definition.dmqreplicate:
                table.changes = NoPeer(self)

    def warn_of_definitions(self) -> None:
        """Tables whose name is too long have no expired event; very large ones do not fit into the usual shared memory."""
        wanted = sum(table.definition.slots for table in self.all.values()) * SLOT_BYTES >> 20
        if wanted >= SHARED_MB:
            self.services.note(
                f"the slots of the tables take {wanted} MB of shared memory; Kamailio has {SHARED_MB} unless it is started with -m"
            )
        for name in self.all:
            if len(name) >= EVENT_NAME_LIMIT:
                self.complain(f"event route name for expired items in htable [{name}] is too long", "WARNING")

    @property
    def all(self) -> dict[str, Table]:
        """The tables by name, the last defined one first."""
        assert self._tables is not None, "a table is asked for before the module has started"
        return self._tables

    def complain(self, text: str, level: str = "ERROR", span: Span | None = None) -> None:
        """A log line of the module."""
        self.services.diag(level, text, "htable", span)

    def told(self, done: bool, at: Span | None, text: str = "dmq replication failed") -> bool:
        """Logs a change that could not be replicated."""
        if not done:
            self.complain(text, span=at)
        return done

    def find(self, name: str, run: Run) -> Table | None:
        """A table that a function needs; one that is not there is logged."""
        table = self.all.get(name)
        if table is None:
            self.complain(f"cannot get hash table [{name}]", span=run.at)
        return table

    def hangs(self, hold: Hold, table: Table, who: str, span: Span | None) -> None:
        """Says that a real Kamailio waits here forever for a slot that is never unlocked."""
        self.services.note(
            f"Kamailio hangs here: {who} waits for slot {hold.slot} of htable [{table.name}], locked since {hold.place} and not unlocked",
            span,
        )

    def meets(self, table: Table, key: str, run: Run) -> None:
        """Checks a slot before a script touches it; only called while slots of the table are held."""
        hold = table.locks.met(key, run.process)
        if hold is not None:
            self.hangs(hold, table, f"process {run.process.rank}", run.at)

    def meets_any(self, table: Table, run: Run) -> None:
        """Checks all slots, before a script walks over the table."""
        for hold in table.locks.held.values():
            if hold.process is not run.process:
                self.hangs(hold, table, f"process {run.process.rank}", run.at)

    def passes(self, table: Table, before: int, slot: int | None, run: Run) -> None:
        """Checks the slots behind one up to another (None: the last), which an iterator has locked one after the other."""
        for hold in table.locks.held.values():
            if hold.process is not run.process and hold.slot > before and (slot is None or hold.slot <= slot):
                self.hangs(hold, table, f"process {run.process.rank}", run.at)

    def leave(self, worker: Process) -> None:
        """What was locked as if by the worker was locked by another process: the main one that runs mod-init."""
        other = Process(0, worker.pid)
        for table in self.all.values():
            for hold in table.locks.held.values():
                if hold.process is worker:
                    hold.process = other

    def waits(self, table: Table, key: str | None, who: str) -> None:
        """Checks a slot (None: all) before somebody who is no worker touches it: an RPC command, a message of another node."""
        for hold in table.locks.held.values():
            if key is None or hold.slot == table.locks.slot(key):
                self.hangs(hold, table, who, None)

    def writes(self, table: Table, key: str, value: Item | None, run: Run) -> None:
        """Checks an item before a script sets (None: deletes) it; only called while slots of the table are held."""
        self.meets(table, key, run)
        old = table.values.get(key)
        if old is not None and (value is None or table.outgrows(old, value)):
            self.frees(table, {key}, run)

    def frees(self, table: Table, keys: Container[str], run: Run) -> None:
        """Says when Kamailio frees an item on which an iterator of the process stands."""
        for walk in of_process(run.process).open():
            if walk.table is table and walk.key is not None and walk.key in keys:
                self.services.note(
                    f'Kamailio goes on with freed memory here: iterator "{walk.name}" stands on {table.name}=>{walk.key}; '
                    "sroute goes on with the item that follows",
                    run.at,
                )

    def warn_of_held(self, run: Run) -> None:
        """At the end of a message or event: what its process keeps locked, and iterators that it left open."""
        for table in self.all.values():
            for hold in table.locks.held.values():
                if hold.process is run.process:
                    self.services.note(
                        f"slot {hold.slot} of htable [{table.name}] is still locked at the end, by {hold.place}: "
                        "in Kamailio every other process that needs this slot hangs from now on",
                        hold.at,
                    )
        for walk in of_process(run.process).open():
            if walk.slot is None:
                self.services.note(f'iterator "{walk.name}" is still open at the end: it is one of the {LIMIT} that a process has', walk.at)


class NoPeer:
    """Replication where no DMQ peer has been registered: every change is logged, and goes no further."""

    __slots__ = ("_state",)

    def __init__(self, state: Tables) -> None:
        """state is the module's."""
        self._state = state

    def _fail(self, at: Span | None) -> bool:
        self._state.complain("ht_dmq_peer is null!", span=at)
        return False

    def stored(self, table: str, key: str, value: Item, at: Span | None) -> bool:
        """An item gets a value."""
        return self._fail(at)

    def expires(self, table: str, key: str, seconds: int, at: Span | None) -> bool:
        """An item is told how long it has to live."""
        return self._fail(at)

    def removed(self, table: str, key: str, at: Span | None) -> bool:
        """An item is deleted, or was to be and is not there."""
        return self._fail(at)

    def removed_matching(self, table: str, operator: str, text: str, at: Span | None, *, by_value: bool) -> bool:
        """Items whose name or value matches are deleted."""
        return self._fail(at)
