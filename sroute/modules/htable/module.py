"""The module itself: its parameters, its start and its end."""

from typing import Protocol

from sroute.exports.module import InitError, Module
from sroute.exports.param import ParamError
from sroute.modules.htable import content, expiry
from sroute.modules.htable.definition import TableDefinition
from sroute.modules.htable.receiving import Receiver
from sroute.modules.htable.replication import connect
from sroute.modules.htable.tables import Tables
from sroute.runtime.flow import DROP
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value

MOD_INIT = "htable:mod-init"
FIRST_WORKER, EVERY_PROCESS = 1, 2
"""Values of event_callback_mode; all others are the main process."""
PROCESSES = 6
"""Processes of Kamailio that run mod-init besides its UDP workers, with TCP and without modules that have processes of their own."""


class Start(Protocol):
    """What the hooks need of a scope."""

    services: Services


htable = Module("htable", Tables, "Hash tables in shared memory, for values that outlive a message: `$sht(table=>key)`.")

htable.setting("db_url", "str", doc="The database that tables with `dbtable` are loaded from and written to.")
htable.setting("key_name_column", "str", doc="The column that holds the key (`key_name`).")
htable.setting("key_type_column", "str", doc="The column that tells simple keys (0) from elements of an array (1) (`key_type`).")
htable.setting("value_type_column", "str", doc="The column that tells strings (0) from integers (1) (`value_type`).")
htable.setting("key_value_column", "str", doc="The column that holds the value (`key_value`).")
htable.setting("expires_column", "str", doc="The column that holds the expiry, read and written only with db_expires (`expires`).")
htable.setting("array_size_suffix", "str", doc="What is appended to the name of an array for the item that holds its size (`::size`).")
htable.setting("fetch_rows", "int", doc="How many rows are fetched from the database at once (100).")
htable.setting("timer_interval", "int", doc="Seconds between two scans for expired items (20).")
htable.setting("db_expires", "int", doc="1: the expiry of items is loaded and saved too, for tables with autoexpire (0).")
htable.setting("enable_dmq", "int", doc="1: changes to tables with dmqreplicate are replicated over DMQ (0).")
htable.setting("dmq_init_sync", "int", doc="1: the content of replicated tables is asked for at start (0).")
htable.setting("dmq_peer_id", "str", doc="The name of the DMQ peer (`htable`).", since="6.2")
htable.setting("timer_procs", "int", doc="How many processes of their own scan for expired items; 0: the core's timer does (0).")
htable.setting("event_callback", "str", doc="The KEMI function that is called for events instead of the event routes.")
htable.setting("event_callback_mode", "int", doc="Which process runs mod-init: 0 the main one, 1 the first worker, 2 all (0).")

htable.event_route(MOD_INIT, "Runs once when all modules have started, before the first message: the place to fill tables.")
htable.event_route(
    "htable:expired:<table>", "Runs for each item that expires, before it is removed; `$shtrecord(key)` and `(value)` are it."
)
htable.event_route("htable:reloaded:<table>", "Runs when a table with reloadat has been loaded again. Since 6.2.")


@htable.param("htable", "str", fixup=TableDefinition())
def _define(state: Tables, text: str) -> None:
    """Defines a table: `NAME=>size=8;autoexpire=600;initval=0` and more attributes.

    Example: modparam("htable", "htable", "ipban=>size=8;autoexpire=300")
    """
    name = text.partition("=")[0].strip()
    if any(known.partition("=")[0].strip() == name for known in state.definitions):
        raise ParamError(f"htable already configured [{name}]", "HT003")
    state.definitions.append(text)


@htable.hooks.init.append
def _init(state: Tables, scope: Start) -> None:
    if state.enable_dmq and not scope.services.loaded("dmq"):
        raise InitError("cannot find bind_dmq")
    state.start(scope.services)
    if state.enable_dmq:
        connect(state, lambda replication: Receiver(replication).receive)
    state.warn_of_definitions()
    content.load_all(state)
    expiry.schedule(state)


@htable.hooks.child_init.append
def _run_mod_init(state: Tables, scope: Start) -> None:
    mode, times = state.event_callback_mode, 1
    if mode == EVERY_PROCESS:
        times = PROCESSES + sum(socket.endpoint.proto == "udp" for socket in scope.services.sockets.listen)
    for last in range(times - 1, -1, -1):
        run = _call_back(state) if state.event_callback else state.services.run_event(MOD_INIT)
        if run is None:
            return
        state.warn_of_held(run)
        if run.flow == DROP:
            raise InitError("exit due to 'drop' in event route")
        if last or mode not in (FIRST_WORKER, EVERY_PROCESS):
            state.leave(run.process)


def _call_back(state: Tables) -> Run | None:
    run = state.services.run_kemi(state.event_callback, MOD_INIT)
    if run is None:
        state.services.note(
            f"event_callback is set: Kamailio calls the KEMI function {state.event_callback} for events, "
            "not the event routes; give its file with --kemi"
        )
    return run


@htable.hooks.destroy.append
def _write_back(state: Tables) -> None:
    content.save_all(state)


htable.hooks.post_script.append(Tables.warn_of_held)


@htable.hooks.reply.append
def _after_reply(state: Tables, run: Run) -> bool:
    state.warn_of_held(run)
    return True


@htable.hooks.tables.append
def _content(state: Tables) -> dict[str, dict[str, Value]]:
    return {table.name: dict(table.items()) for table in state.all.values()}
