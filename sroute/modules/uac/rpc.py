"""RPC commands about registrations."""

from collections.abc import Sequence
from typing import Any

from sroute.db.database import DbError
from sroute.exports.rpc import NULL_TEXT, JsonText, RpcFault, RpcValue
from sroute.modules.uac import registering, registrations
from sroute.modules.uac.declaration import Uac, uac
from sroute.modules.uac.records import FILTERS, Record
from sroute.modules.uac.registrations import COLUMNS, BadRecordError

Arguments = Sequence[Any]
_ADDED = len(COLUMNS)
_OPTIONAL = ("auth_password", "auth_ha1", "contact_addr")


def _enabled(state: Uac, command: str) -> None:
    """Without a table the commands do not exist."""
    if not state.records.enabled:
        raise RpcFault(500, f"command uac.{command} not found")


def _shown(state: Uac, record: Record) -> dict[str, RpcValue]:
    return {
        **{name: getattr(record, name) or NULL_TEXT for name in COLUMNS[:7]},
        "auth_password": record.auth_password or "none",
        "auth_ha1": record.auth_ha1 or "none",
        "auth_proxy": record.auth_proxy,
        "expires": record.expires,
        "flags": int(record.flags),
        "diff_expires": record.timer_expires - registering.now(state),
        "timer_expires": record.timer_expires,
        "reg_init": record.reg_init,
        "reg_delay": record.reg_delay,
        "contact_addr": record.contact_addr,
        "socket": record.socket or NULL_TEXT,
    }


@uac.rpc("uac.reg_dump", array=True)
def reg_dump(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """All registrations."""
    _enabled(state, "reg_dump")
    return [_shown(state, record) for record in state.records]


def _wanted(state: Uac, args: Arguments, command: str) -> Record:
    """The registration that attribute and value name."""
    _enabled(state, command)
    if len(args) < 2:
        raise RpcFault(400, "Invalid Parameters")
    attribute, value = str(args[0]), str(args[1])
    if attribute not in FILTERS:
        state.complain(None, f"unsupported filter attribute {attribute}")
        raise RpcFault(400, "Unsupported filter attribute")
    found = state.records.matching(attribute, value)
    if found is None:
        raise RpcFault(404, "Record not found")
    return found


@uac.rpc("uac.reg_info", "attribute value")
def reg_info(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """A registration by its l_uuid, l_username, r_username or auth_username."""
    return _shown(state, _wanted(state, args, "reg_info"))


@uac.rpc("uac.reg_enable", "attribute value")
def reg_enable(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Enables a registration."""
    registrations.switch(state, _wanted(state, args, "reg_enable"), enable=True)
    return None


@uac.rpc("uac.reg_disable", "attribute value")
def reg_disable(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Disables a registration."""
    registrations.switch(state, _wanted(state, args, "reg_disable"), enable=False)
    return None


@uac.rpc("uac.reg_unregister", "attribute value")
def reg_unregister(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Sends a REGISTER with Expires 0, and leaves the registration alone from then on."""
    record = _wanted(state, args, "reg_unregister")
    record.expires, record.timer_expires = 0, registering.now(state)
    registering.send(state, record)
    return None


@uac.rpc("uac.reg_reload")
def reg_reload(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Reads all registrations anew from the database, not more often than reg_gc_interval allows."""
    _enabled(state, "reg_reload")
    try:
        if not registrations.reload(state):
            raise RpcFault(500, "Failed to shift records - check log messages")
    except DbError as error:
        state.complain(None, str(error))
        raise RpcFault(500, "Failed to reload records - check log messages") from None
    return None


@uac.rpc("uac.reg_refresh", "l_uuid")
def reg_refresh(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Reads one registration anew from the database."""
    _enabled(state, "reg_refresh")
    if not args:
        raise RpcFault(400, "Invalid Parameters")
    try:
        done = registrations.refresh(state, str(args[0]))
    except (BadRecordError, DbError) as error:
        state.complain(None, str(error))
        raise RpcFault(500, "Failed to refresh record - check log messages") from None
    if not done:
        raise RpcFault(404, "Record not found")
    return None


@uac.rpc("uac.reg_active", "0|1")
def reg_active(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Whether anything is registered at all: the old mode and the new one."""
    _enabled(state, "reg_active")
    if not args or not isinstance(args[0], int) or isinstance(args[0], JsonText):
        state.complain(None, "missing parameter")
        raise RpcFault(500, "Missing parameter")
    before, state.reg_active = state.reg_active, int(bool(args[0]))
    return {"omode": before, "nmode": args[0]}


@uac.rpc("uac.reg_add", " ".join(COLUMNS))
def reg_add(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Adds a registration; a dot stands for no auth_password, auth_ha1 or contact_addr."""
    _enabled(state, "reg_add")
    if len(args) < _ADDED or any(not isinstance(args[COLUMNS.index(name)], int) for name in ("expires", "flags", "reg_delay")):
        raise RpcFault(400, "Invalid Parameters")
    values = {name: value if isinstance(value, int) else str(value) for name, value in zip(COLUMNS, args, strict=False)}
    for name in _OPTIONAL:
        if values[name] == ".":
            values[name] = ""
    if state.records.find(str(values["l_uuid"])) is not None:
        raise RpcFault(409, "uuid already exists")
    try:
        registrations.add(state, registrations.made(state, values))
    except BadRecordError as error:
        state.complain(None, str(error))
        raise RpcFault(500, "Failed to add record - invalid password or ha1") from None
    return None


@uac.rpc("uac.reg_remove", "l_uuid")
def reg_remove(state: Uac, services: Any, args: Arguments) -> RpcValue:
    """Lets a registration go, without a word to the registrar."""
    _enabled(state, "reg_remove")
    if not args:
        raise RpcFault(400, "Invalid Parameters")
    found = state.records.find(str(args[0]))
    if found is None:
        raise RpcFault(404, "Record not found")
    registrations.remove(state, found)
    return None
