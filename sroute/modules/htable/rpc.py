"""The RPC commands."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sroute.db.database import DbError
from sroute.exports.rpc import Flat, JsonNumber, JsonText, RpcFault, RpcValue
from sroute.modules.htable import content
from sroute.modules.htable.module import htable
from sroute.modules.htable.setters import store_for
from sroute.modules.htable.table import NEVER, Item, Table
from sroute.modules.htable.tables import Tables
from sroute.runtime.hashing import core_case_hash
from sroute.runtime.services import Services
from sroute.runtime.values import wrap32

Arguments = Sequence[Any]

STRING, INTEGER = 2, 0
"""What htable.get shows as flags."""


def _texts(args: Arguments, count: int, fault: str) -> list[str]:
    """The first arguments, which have to be text: a number is refused."""
    found = [str(arg) for arg in args[:count] if isinstance(arg, str)]
    if len(found) < count:
        raise RpcFault(500, fault)
    return found


def _auto(args: Arguments, at: int, fault: str) -> str:
    """An argument that is text, or an integer which is converted."""
    arg = args[at] if at < len(args) else None
    if isinstance(arg, str):
        return str(arg)
    if isinstance(arg, JsonNumber):
        return str(int(arg))
    if isinstance(arg, int) and not isinstance(arg, bool):
        return str(arg)
    raise RpcFault(500, fault)


def _integer(state: Tables, args: Arguments, at: int, fault: str) -> int:
    """An argument that is a number, cut to 32 bits; 5.6.3 takes text with digits too."""
    arg = args[at] if at < len(args) else None
    if isinstance(arg, JsonText):
        return 0
    if isinstance(arg, JsonNumber) and not state.services.dialect.newer and not -(1 << 31) <= arg < 1 << 31:
        return -(1 << 31)
    if isinstance(arg, str) and not state.services.dialect.newer and arg.lstrip("+-").isdigit():
        arg = int(arg[:40])
    if isinstance(arg, int | float) and not isinstance(arg, bool):
        return wrap32(int(arg))
    raise RpcFault(500, fault)


def _table(state: Tables, name: str, fault: str = "No such htable") -> Table:
    table = state.all.get(name)
    if table is None:
        raise RpcFault(500, fault)
    return table


@htable.rpc("htable.get", "htable key")
def get(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Shows one item of a table."""
    name, key = _texts(args, 2, "Not enough parameters (htable name and key name)")
    table = _table(state, name)
    state.waits(table, key, "htable.get")
    value = table.get(key)
    if value is None:
        raise RpcFault(500, "Key name doesn't exist in htable.")
    when = table.expiries.get(key, NEVER)
    shown = "NEVER" if when == NEVER else time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(when))
    flags = STRING if isinstance(value, str) else INTEGER
    return {"item": {"name": key, "value": _shown(value), "flags": flags, "expire": shown}}


def _shown(value: Item) -> Item:
    """A value as RPC shows it: integers are cut to 32 bits, in newer versions too."""
    return value if isinstance(value, str) else wrap32(value)


@htable.rpc("htable.delete", "htable key")
def delete(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Deletes one item of a table."""
    bracket = ")" if services.dialect.newer else ""
    name, key = _texts(args, 2, f"Not enough parameters (htable name & key name{bracket}")
    table = _table(state, name)
    state.waits(table, key, "htable.delete")
    if table.changes is not None:
        state.told(table.changes.removed(name, key, None), None)
    if not table.remove(key):
        raise RpcFault(404, "Key not found in htable.")
    return _done(services, "Ok. Key deleted.")


def _done(services: Services, text: str) -> RpcValue:
    """The answer of a command that changed something; the original document shows none."""
    return None if services.documented else text


def _set(state: Tables, table: Table, key: str, value: Item, command: str) -> RpcValue:
    state.waits(table, key, command)
    if table.changes is not None:
        state.told(table.changes.stored(table.name, key, value, None), None)
    table.store(key, value)
    return _done(state.services, "Ok. Key set to new value.")


@htable.rpc("htable.sets", "htable key value")
def sets(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Sets an item to a string."""
    fault = "Not enough parameters (htable name, key name and value)"
    name, key = _texts(args, 2, fault)
    value = _auto(args, 2, fault)
    return _set(state, _table(state, name), key, value, "htable.sets")


@htable.rpc("htable.seti", "htable key value")
def seti(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Sets an item to an integer."""
    fault = "Not enough parameters (htable name, key name and value)"
    name, key = _texts(args, 2, fault)
    value = _integer(state, args, 2, fault)
    return _set(state, _table(state, name), key, value, "htable.seti")


@htable.rpc("htable.setex", "htable key seconds")
def setex(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Sets how long an item has to live, in seconds."""
    fault = "Not enough parameters (htable name, item name and expire)"
    name, key = _texts(args, 2, fault)
    seconds = _integer(state, args, 2, fault)
    table = _table(state, name)
    state.waits(table, key, "htable.setex")
    if table.changes is not None:
        state.told(table.changes.expires(name, key, seconds, None), None)
    table.expire_in(key, seconds)
    return "Ok"


def _setx(state: Tables, args: Arguments, command: str) -> str:
    fault = "Not enough parameters (htable name, key name, value and expire)"
    name, key = _texts(args, 2, fault)
    value: Item = _auto(args, 2, fault) if command == "htable.setxs" else _integer(state, args, 2, fault)
    seconds = _integer(state, args, 3, fault)
    if name not in state.all:
        state.complain(f"No such htable: {name}")
        state.complain(f"cannot set $sht({name}=>{key})")
    table = _table(state, name, "Failed to set the item")
    state.waits(table, key, command)
    store_for(state, table, key, value, seconds)
    return "Ok. Key set to new value."


@htable.rpc("htable.setxs", "htable key value seconds")
def setxs(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Sets an item to a string that lives for some seconds."""
    return _setx(state, args, "htable.setxs")


@htable.rpc("htable.setxi", "htable key value seconds")
def setxi(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Sets an item to an integer that lives for some seconds."""
    return _setx(state, args, "htable.setxi")


@htable.rpc("htable.dump", "htable", array=True)
def dump(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Shows all items of a table, slot by slot."""
    (name,) = _texts(args, 1, "No htable name given")
    table = _table(state, name)
    state.waits(table, None, "htable.dump")
    show = _documented if services.documented else _items
    return [{"entry": slot, "size": len(keys), "slot": show(table, keys)} for slot, keys in table.order.slots()]


def _items(table: Table, keys: list[str]) -> RpcValue:
    return [_item(table, key) for key in keys]


def _item(table: Table, key: str) -> RpcValue:
    value = table.values[key]
    return {"name": key, "value": _shown(value), "type": "str" if isinstance(value, str) else "int"}


def _documented(table: Table, keys: list[str]) -> RpcValue:
    """Items as the original document shows them."""
    return Flat({"item": {"name": key, "value": _shown(table.values[key])}} for key in keys)


@htable.rpc("htable.listTables", array=True)
def list_tables(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Shows how all tables are defined."""
    if not state.all:
        raise RpcFault(500, "No htables")
    return [_defined(table) for table in state.all.values()]


def _defined(table: Table) -> RpcValue:
    defined = table.definition
    return {
        "name": defined.name,
        "dbtable": defined.dbtable,
        "dbmode": wrap32(defined.dbmode),
        "expire": wrap32(defined.autoexpire),
        "updateexpire": wrap32(defined.updateexpire),
        "size": defined.slots,
        "dmqreplicate": wrap32(defined.dmqreplicate),
    }


@htable.rpc("htable.stats", array=True)
def stats(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Shows how full all tables are: slots, items, and the items in the fullest and the emptiest slot."""
    if not state.all:
        raise RpcFault(500, "No htables")
    for table in state.all.values():
        state.waits(table, None, "htable.stats")
    return [_counted(table) for table in state.all.values()]


def _counted(table: Table) -> RpcValue:
    slots = table.definition.slots
    filled = Counter(core_case_hash(key) & slots - 1 for key in table.values)
    fewest = min(filled.values()) if len(filled) == slots else 0
    most = max(filled.values(), default=0)
    return {"name": table.name, "slots": slots, "all": len(table.values), "min": fewest, "max": most}


@htable.rpc("htable.flush", "htable")
def flush(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Deletes all items of a table."""
    (name,) = _texts(args, 1, "No htable name given")
    table = _table(state, name)
    state.waits(table, None, "htable.flush")
    table.clear()
    return "Ok. Htable flushed."


def _stored(state: Tables, args: Arguments, fault: str = "") -> Table:
    """The table of a command that needs the database. In newer versions reload has one fault for all that is missing."""
    if not state.db_url:
        raise RpcFault(500, fault or "No htable db_url")
    (name,) = _texts(args, 1, "No htable name given")
    table = _table(state, name)
    if not table.definition.dbtable:
        raise RpcFault(500, fault or "No database htable")
    return table


@htable.rpc("htable.reload", "htable")
def reload(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Loads a table from the database again; its former content is gone, unless the database fails."""
    table = _stored(state, args, "Htable reload failed" if services.dialect.newer else "")
    state.waits(table, None, "htable.reload")
    try:
        content.load(state, table)
        table.found_rows = True  # 5.6.3 writes a table back that was loaded again, though it was empty at start
    except (DbError, content.BadRowError) as error:
        state.complain(str(error))
        raise RpcFault(500, "Htable reload failed") from None
    return "Ok. Htable reloaded."


@htable.rpc("htable.store", "htable")
def store(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Writes a table to the database."""
    table = _stored(state, args)
    state.waits(table, None, "htable.store")
    if not content.save(state, table):
        raise RpcFault(500, f"Failed to store htable [{table.name}]")
    return "Ok. Htable successfully stored to DB."


def _since_5_8(services: Services, command: str) -> None:
    if not services.dialect.newer:
        raise RpcFault(500, f"command {command} not found")


def _ask(state: Tables, table: str) -> None:
    if state.ask_nodes is None or not state.ask_nodes(table):
        raise RpcFault(500, "HTable DMQ Sync Failed")


@htable.rpc("htable.dmqsync", "[htable]")
def dmqsync(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Asks the other nodes for the content of a replicated table, or of all. Since 5.8."""
    _since_5_8(services, "htable.dmqsync")
    name = str(args[0]) if args and isinstance(args[0], str) else ""
    if name:
        _table(state, name)
    _ask(state, name)
    return "Ok"


@htable.rpc("htable.dmqresync", "htable")
def dmqresync(state: Tables, services: Services, args: Arguments) -> RpcValue:
    """Deletes all items of a table, then asks the other nodes for its content; without DMQ nothing is deleted. Since 5.8."""
    _since_5_8(services, "htable.dmqresync")
    (name,) = _texts(args, 1, "No htable name given")
    table = _table(state, name)
    state.waits(table, None, "htable.dmqresync")
    if state.ask_nodes is not None:
        table.clear()
    _ask(state, name)
    return "Ok"
