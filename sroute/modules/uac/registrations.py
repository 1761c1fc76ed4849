"""Registrations from the database: how they are loaded, and what the script may ask and change."""

import re
from typing import Any

from sroute.db.database import Database, DbError, DbValue
from sroute.exports.fixups import FORMAT, INTEGER, TARGET, PvRef
from sroute.exports.module import InitError
from sroute.modules.connection import connect
from sroute.modules.uac import registering
from sroute.modules.uac.challenge import HA1_SIZE
from sroute.modules.uac.declaration import NO_DATABASE, Uac, uac
from sroute.modules.uac.records import FILTERS, Record, State
from sroute.runtime.run import Run
from sroute.sip import uri as uris

TABLE_VERSION = 5
COLUMNS = (
    "l_uuid", "l_username", "l_domain", "r_username", "r_domain", "realm", "auth_username", "auth_password", "auth_ha1", "auth_proxy",
    "expires", "flags", "reg_delay", "contact_addr", "socket",
)  # fmt: skip
_MAY_BE_EMPTY = frozenset({"realm", "auth_password", "auth_ha1", "contact_addr", "socket"})
_NUMBERS = frozenset({"expires", "flags", "reg_delay"})
_HA1 = re.compile(r"[0-9a-f]*")
USER, HA1 = 1, 2


class BadRecordError(Exception):
    """A registration that is left out; args[0] is what Kamailio logs."""


# ---------------------------------------------------------------- loading


def _init(state: Uac, scope: Any) -> None:
    if not state.reg_db_url:
        return
    if not state.reg_contact_addr:
        raise InitError("contact address parameter not set")
    services = scope.services
    counters = services.counters
    counters.register("uac", "regtotal", "Total number of registration accounts in memory")
    counters.register("uac", "regactive", "Number of successfully registered accounts (200 OK)")
    counters.register("uac", "regdisabled", "Counter of failed registrations (not 200 OK)")
    state.records.size = 1 << max(1, min(state.reg_hash_size, 14))
    state.database = connect(state.reg_db_url, services, {state.reg_db_table: TABLE_VERSION}, without=NO_DATABASE)
    try:
        load(state)
    except DbError as error:
        raise InitError(str(error)) from None
    registering.start(state)


uac.hooks.init.append(_init)


def load(state: Uac) -> None:
    """Reads the table; what is no registration is left out with a complaint.

    Raises DbError.
    """
    if isinstance(state.database, Database):
        for row in state.database.query(state.reg_db_table, COLUMNS):
            _take(state, row)


def _take(state: Uac, row: tuple[DbValue, ...]) -> None:
    try:
        add(state, _record(state, row))
    except BadRecordError as error:
        state.complain(None, str(error))


def _record(state: Uac, row: tuple[DbValue, ...]) -> Record:
    """A row of the table.

    Raises BadRecordError.
    """
    found: dict[str, Any] = {}
    for number, (name, value) in enumerate(zip(COLUMNS, row, strict=True)):
        if name in _NUMBERS:
            found[name] = int(value or 0)
            continue
        if value == "" and name not in _MAY_BE_EMPTY:
            raise BadRecordError(f"empty value not allowed for column[{number}]='{name}' - ignoring record")
        found[name] = "" if value is None else str(value)
    return made(state, found)


def made(state: Uac, values: dict[str, Any]) -> Record:
    """A registration of values by column name.

    Raises BadRecordError.
    """
    password, ha1 = values["auth_password"], values["auth_ha1"]
    if not password and not ha1:
        raise BadRecordError("no password value provided - ignoring record")
    if ha1 and len(ha1) != HA1_SIZE:
        raise BadRecordError(f"invalid HA2 length: {len(ha1)} - ignoring record")
    good = _HA1.match(ha1)
    if good is not None and good.end() < len(ha1):
        raise BadRecordError(f"invalid char {good.end()} in HA1 string: {ha1}")
    delay = values["reg_delay"]
    if not delay and state.reg_random_delay:
        delay = state.instance.random.randrange(state.reg_random_delay)
    return Record(
        **{
            **values,
            "flags": State(values["flags"]),
            "reg_delay": delay,
            "contact_addr": values["contact_addr"] or state.reg_contact_addr,
            "reg_init": registering.now(state),
        }
    )


def add(state: Uac, record: Record) -> None:
    """Takes a registration in."""
    state.records.add(record)
    registering.count(state, "regtotal", 1)


def remove(state: Uac, record: Record) -> None:
    """Lets a registration go."""
    state.records.remove(record)
    if record.flags & State.ONLINE:
        registering.count(state, "regactive", -1)
    if record.flags & State.DISABLED:
        registering.count(state, "regdisabled", -1)
    registering.count(state, "regtotal", -1)


def reload(state: Uac) -> bool:
    """Reads the table anew; False, with a complaint, when that was done too short a time ago.

    Raises DbError.
    """
    now = registering.now(state)
    if state.reloaded and now - state.reloaded < state.reg_gc_interval:
        state.complain(None, f"shifting in-memory table is not possible in less than {state.reg_gc_interval} secs")
        return False
    state.reloaded = now
    state.records.clear()
    for name in ("regtotal", "regactive", "regdisabled"):
        registering.reset(state, name)
    load(state)
    return True


def refresh(state: Uac, uuid: str) -> bool:
    """Reads one registration anew; False when the table does not have it.

    Raises DbError and BadRecordError.
    """
    if not isinstance(state.database, Database):
        return False
    row = next(iter(state.database.query(state.reg_db_table, COLUMNS, [("l_uuid", "=", uuid)])), None)
    if row is None:
        return False
    record = _record(state, row)
    known = state.records.find(uuid)
    if known is not None:
        remove(state, known)
    add(state, record)
    return True


# ---------------------------------------------------------------- functions


def _find(state: Uac, run: Run, uuid: str) -> Record | None:
    if not state.records.enabled:
        state.complain(run, "reg hash table not initialized")
        return None
    return state.records.find(uuid)


def _of_user(state: Uac, run: Run, user: str, domain: str | None) -> Record | None:
    if not state.records.enabled:
        state.complain(run, "reg hash table not initialized")
        return None
    return state.records.of_user(user, domain)


@uac.function("uac_reg_lookup", FORMAT, TARGET)
def reg_lookup(state: Uac, run: Run, uuid: str, target: PvRef) -> int:
    """The local URI of a registration by its id, into a variable; -1 when there is none.

    Example: if (uac_reg_lookup("$rU", "$ru")) xlog("for $ru\\n");
    """
    found = _find(state, run, uuid)
    if found is None:
        return -1
    target.set(run, f"sip:{found.l_username}@{found.l_domain}")
    return 1


@uac.function("uac_reg_lookup_uri", FORMAT, TARGET)
def reg_lookup_uri(state: Uac, run: Run, uri: str, target: PvRef) -> int:
    """The id of the registration of a local user, into a variable; -1 when there is none, -2 for a bad URI.

    Example: if (uac_reg_lookup_uri("$fu", "$var(id)")) xlog("$var(id)\\n");
    """
    parsed = uris.parse(uri)
    if parsed is None:
        state.complain(run, "failed to parse uri")
        return -2
    found = _of_user(state, run, parsed.user, parsed.host if state.reg_use_domain else None)
    if found is None:
        return -1
    target.set(run, found.l_uuid)
    return 1


@uac.function("uac_reg_status", FORMAT)
def reg_status(state: Uac, run: Run, uuid: str) -> int:
    """How a registration stands: 1 registered, -1 unknown, -2 under way, -3 disabled, -99 waits to be tried again.

    Example: if (uac_reg_status("account1") > 0) xlog("registered\\n");
    """
    found = _find(state, run, uuid)
    if found is None:
        return -1
    if found.flags & State.ONLINE and found.timer_expires > registering.now(state):
        return 1
    if found.flags & State.ONGOING:
        return -2
    return -3 if found.flags & State.DISABLED else -99


@uac.function("uac_reg_request_to", FORMAT, INTEGER)
def reg_request_to(state: Uac, run: Run, user: str, mode: int) -> int:
    """Sends the request where a registration goes: R-URI, destination, and the variables of uac_auth().

    Mode 1 looks for a local user instead of an id, 2 takes the HA1 in place of the password; 3 both.

    Example: if (uac_reg_request_to("$fU", "0")) t_relay();
    """
    if not 0 <= mode <= USER | HA1:
        return state.complain(run, "invalid mode")
    found = _of_user(state, run, user, None) if mode & USER else _find(state, run, user)
    if found is None:
        return -1
    run.message.uri = f"sip:{found.r_username}@{found.r_domain}"
    run.message.dst_uri = found.auth_proxy
    if state.auth_writes is None:
        return state.complain(run, "error while setting auth_realm")
    for write, value in zip(state.auth_writes, (found.realm, found.auth_username, _secret(found, mode)), strict=True):
        write(run, value)
    return 1


def _secret(record: Record, mode: int) -> str:
    return record.auth_ha1 if mode & HA1 else record.auth_password


@uac.function("uac_reg_enable", FORMAT, FORMAT)
def reg_enable(state: Uac, run: Run, attribute: str, value: str) -> int:
    """Enables the registration with that l_uuid, l_username, r_username or auth_username; -2 when there is none, -3 for another name.

    Example: uac_reg_enable("l_uuid", "account1");
    """
    return _switch(state, run, attribute, value, enable=True)


@uac.function("uac_reg_disable", FORMAT, FORMAT)
def reg_disable(state: Uac, run: Run, attribute: str, value: str) -> int:
    """Disables the registration with that l_uuid, l_username, r_username or auth_username; codes as uac_reg_enable().

    Example: uac_reg_disable("l_uuid", "account1");
    """
    return _switch(state, run, attribute, value, enable=False)


def _switch(state: Uac, run: Run, attribute: str, value: str, *, enable: bool) -> int:
    if not state.records.enabled:
        return state.complain(run, "uac remote registrations not enabled")
    registering.count(state, "regdisabled", -1 if enable else 1)
    if attribute not in FILTERS:
        state.complain(run, f"unsupported filter attribute {attribute}")
        return -3
    found = state.records.matching(attribute, value)
    if found is None:
        return -2
    switch(state, found, enable=enable)
    return 1


def switch(state: Uac, record: Record, *, enable: bool) -> None:
    """Enables or disables a registration; the next look of the timer does what follows."""
    record.flags = record.flags & ~State.DISABLED if enable else record.flags | State.DISABLED
    record.timer_expires = registering.now(state) + 1


@uac.function("uac_reg_refresh", FORMAT)
def reg_refresh(state: Uac, run: Run, uuid: str) -> int:
    """Reads a registration anew from the database and begins it again; -1 when it is not there.

    Example: uac_reg_refresh("account1");
    """
    if not state.records.enabled:
        state.complain(run, "no db url")
        return state.complain(run, f"failed to refresh record: {uuid} - check log messages", "WARNING")
    try:
        done = refresh(state, uuid)
    except (BadRecordError, DbError) as error:
        state.complain(run, str(error))
        return state.complain(run, f"failed to refresh record: {uuid} - check log messages", "WARNING")
    return 1 if done else state.complain(run, f"record not found: {uuid}", "WARNING")
