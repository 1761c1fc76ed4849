"""The RPC commands of usrloc."""

from collections.abc import Iterable, Sequence
from typing import Any

from sroute.exports.rpc import Flat, RpcFault, RpcValue
from sroute.modules.usrloc.binding import ENDED, Binding
from sroute.modules.usrloc.declaration import Usrloc, usrloc
from sroute.modules.usrloc.tables import Found, Record, Table
from sroute.runtime.dset import NO_Q
from sroute.runtime.hashing import core_hash
from sroute.runtime.services import Services
from sroute.runtime.values import wrap32

CALL_ID = "dfjrewr12386fd6-343@kamailio.rpc"
"""The Call-ID of bindings that ul.add makes in 5.6.3."""
USER_AGENT = "kamailio SIP Router - RPC Server"
Arguments = Sequence[Any]


def _texts(args: Arguments, count: int, fault: str) -> list[str]:
    found = [str(arg) for arg in args[:count] if isinstance(arg, str)]
    if len(found) < count:
        raise RpcFault(500, fault)
    return found


def _table(state: Usrloc, name: str) -> Table:
    found = state.tables.get(name)
    if found is None:
        raise RpcFault(500, "Domain table not found")
    return found


def _aor(state: Usrloc, text: str) -> str:
    """An address of record as a command takes it: in lower case, without its domain where domains do not count."""
    user, at, domain = text.lower().partition("@")
    return f"{user}{at}{domain}" if state.use_domain else user


def _q(q: int) -> RpcValue:
    """A q as RPC shows it: an int where it is -1, 0 or 1."""
    if q == NO_Q:
        return -1
    return q // 1000 if q % 1000 == 0 else q / 1000


def _lasting(binding: Binding, now: int) -> RpcValue:
    if not binding.expires:
        return "permanent"
    if binding.expires == ENDED:
        return "deleted"
    return binding.expires - now if binding.valid(now) else "expired"


def describe(binding: Binding, now: int) -> dict[str, RpcValue]:
    """A binding as ul.dump shows it."""
    return {
        "Address": binding.address,
        "Expires": _lasting(binding, now),
        "Q": _q(binding.q),
        "Call-ID": binding.callid,
        "CSeq": binding.cseq,
        "User-Agent": binding.user_agent or "[not set]",
        "Received": binding.received or "[not set]",
        "Path": binding.path or "[not set]",
        "State": binding.state.value,
        "Flags": binding.flags,
        "CFlags": binding.cflags,
        "Socket": binding.socket or "[not set]",
        "Methods": wrap32(binding.methods),
        "Ruid": binding.ruid,
        "Instance": binding.instance or "[not set]",
        "Reg-Id": binding.reg_id,
        "Server-Id": binding.server_id,
        "Tcpconn-Id": -1,
        "Keepalive": binding.keepalive,
        "Last-Keepalive": binding.last_keepalive,
        "KA-Roundtrip": 0,
        "Last-Modified": binding.last_modified,
    }


def _contacts(bindings: Iterable[Binding], now: int) -> Flat:
    return Flat([{"Contact": describe(binding, now)} for binding in bindings])


def _record(record: Record, now: int) -> dict[str, RpcValue]:
    return {"AoR": record.aor, "HashID": wrap32(core_hash(record.aor)), "Contacts": _contacts(record.bindings, now)}


@usrloc.rpc("ul.dump", "[brief]")
def dump(state: Usrloc, services: Services, args: Arguments) -> RpcValue:
    """Shows all records; with `brief` only their addresses."""
    brief = bool(args) and args[0] == "brief"
    shown: list[RpcValue] = []
    for table in reversed(state.tables.values()):
        records = table.listed()
        aors = Flat([{"AoR": record.aor} if brief else {"Info": _record(record, state.now)} for record in records])
        stats: RpcValue = {"Records": len(records), "Max-Slots": table.fullest()}
        shown.append({"Domain": {"Domain": table.name, "Size": table.slots, "AoRs": aors, "Stats": stats}})
    return {"Domains": Flat(shown)}


@usrloc.rpc("ul.lookup", "table aor")
def lookup(state: Usrloc, services: Services, args: Arguments) -> RpcValue:
    """Shows the bindings of an address of record."""
    name, aor = _texts(args, 2, "Not enough parameters (table and AOR to lookup)")
    record = _table(state, name).get(_aor(state, aor))
    if record is None:
        raise RpcFault(500, f"AOR not found in {name} table")
    now = state.now
    return {"AoR": record.aor, "Contacts": _contacts([binding for binding in record.bindings if binding.valid(now)], now)}


@usrloc.rpc("ul.rm", "table aor")
def remove(state: Usrloc, services: Services, args: Arguments) -> RpcValue:
    """Removes all bindings of an address of record."""
    name, aor = _texts(args, 2, "Not enough parameters (table and AOR to lookup)")
    table = _table(state, name)
    record = table.get(_aor(state, aor))
    if record is not None:
        table.drop(record)
    return None


@usrloc.rpc("ul.rm_contact", "table aor contact")
def remove_contact(state: Usrloc, services: Services, args: Arguments) -> RpcValue:
    """Removes one binding."""
    name, aor, contact = _texts(args, 3, "Not enough parameters (table, AOR and contact)")
    table = _table(state, name)
    record = table.get(_aor(state, aor))
    if record is None:
        raise RpcFault(404, "AOR not found")
    wanted = Binding(contact, 0, callid=CALL_ID, cseq=1)
    _, binding = record.find(wanted, table.matching, state.now)
    if binding is None:
        raise RpcFault(404, "Contact not found")
    table.remove(record, binding)
    table.release(record)
    return None


def _number(args: Arguments, at: int) -> int:
    value = args[at] if at < len(args) else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise RpcFault(500, "Not enough parameters or wrong format")
    return value


def _made(state: Usrloc, args: Arguments) -> tuple[str, str, Binding]:
    """The table, the address of record and the binding that the arguments of ul.add say."""
    fault = "Not enough parameters or wrong format"
    name, aor, contact = _texts(args, 3, fault)
    expires, q = _number(args, 3), args[4] if len(args) > 4 else None
    if not isinstance(q, float):
        raise RpcFault(500, fault)
    path = _texts(args[5:], 1, fault)[0]
    flags, cflags, methods = (_number(args, at) for at in (6, 7, 8))
    assert state.rpc_ids is not None
    now = state.now
    made = Binding(
        contact,
        expires + now if expires else 0,
        q=min(max(int(q * 1000), 0), 1000),
        callid=CALL_ID,
        cseq=1,
        flags=flags,
        cflags=cflags,
        user_agent=USER_AGENT,
        path="" if path == "0" else path,
        methods=methods & 0xFFFFFFFF,
        last_keepalive=now,
    )
    return name, _aor(state, aor), made


@usrloc.rpc("ul.add", "table aor contact expires q path flags cflags methods")
def add(state: Usrloc, services: Services, args: Arguments) -> RpcValue:
    """Adds a binding or renews it: q with a decimal point, the path `s:0` for none, expires 0 for one that stays."""
    name, aor, made = _made(state, args)
    table = _table(state, name)
    record = table.open(aor)
    found, known = record.find(made, table.matching, state.now)
    if known is not None and found in (Found.KNOWN, Found.AGAIN, Found.OLDER):
        table.update(record, known, made)
        return None
    assert state.rpc_ids is not None
    made.ruid = state.rpc_ids.next()
    table.insert(record, made)
    return None


@usrloc.rpc("ul.flush")
def flush(state: Usrloc, services: Services, args: Arguments) -> RpcValue:
    """Writes what has changed to the database, as the timer does."""
    for work in state.ticking:
        work()
    return None
