"""The RPC commands of permissions."""

from collections.abc import Callable, Sequence
from typing import Any

from sroute.db.database import DbError
from sroute.exports.fixups import FixupError
from sroute.exports.rpc import Flat, RpcFault, RpcValue
from sroute.modules.permissions.addresses import BadAddressError, Place, host_slot, name_slot
from sroute.modules.permissions.declaration import Permissions, permissions
from sroute.modules.permissions.routing import allowed
from sroute.runtime.services import Services

Arguments = Sequence[Any]


def _tag(text: str | None) -> str:
    return "NULL" if text is None else text


def _reload(state: Permissions, work: Callable[[], None]) -> RpcValue:
    now = state.instance.clock.now()
    if state.reloaded > now - state.reload_delta:
        state.complain(None, "ongoing reload")
        raise RpcFault(500, "ongoing reload")
    state.reloaded = now
    try:
        work()
    except (BadAddressError, DbError, FixupError):
        raise RpcFault(500, "Reload failed") from None
    return "Reload OK"


@permissions.rpc("permissions.addressReload")
def address_reload(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Reads the addresses anew."""

    def work() -> None:
        state.addresses = state.load_addresses()

    return _reload(state, work)


@permissions.rpc("permissions.trustedReload")
def trusted_reload(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Reads the trusted peers anew."""

    def work() -> None:
        if state.peers is None:
            raise DbError("no trusted table")
        state.peers = state.load_peers()

    return _reload(state, work)


@permissions.rpc("permissions.addressDump", array=True)
def address_dump(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Shows all single addresses."""
    if state.addresses is None:
        raise RpcFault(500, "No address table")
    rows: list[tuple[int, str, Place]] = [
        (host_slot(ip), str(ip), place) for ip, places in state.addresses.hosts.items() for place in places
    ]
    rows.sort(key=lambda row: (row[0], -row[2].serial))
    return [
        {"table": slot, "group": place.group, "item": {"ip": ip, "port": place.port, "tag": _tag(place.tag)}} for slot, ip, place in rows
    ]


@permissions.rpc("permissions.subnetDump", array=True)
def subnet_dump(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Shows all networks."""
    if state.addresses is None:
        raise RpcFault(500, "No subnet table")
    return [
        {
            "id": number,
            "group": place.group,
            "item": {"ip": ip, "mask": network.prefixlen, "port": place.port, "tag": _tag(place.tag)},
        }
        for number, (network, place, ip) in enumerate(state.addresses.subnets)
    ]


@permissions.rpc("permissions.domainDump")
def domain_dump(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Shows all names."""
    if state.addresses is None:
        raise RpcFault(500, "No domain list table")
    rows = [(name_slot(name), name, place) for name, places in state.addresses.domains.items() for place in places]
    rows.sort(key=lambda row: (row[0], -row[2].serial))
    shown = Flat([])
    for slot, name, place in rows:
        shown.append({"table": slot, "group": place.group, "item": {"domain_name": name, "port": place.port, "tag": _tag(place.tag)}})
    return shown


@permissions.rpc("permissions.trustedDump")
def trusted_dump(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Shows the trusted peers that were read at the start."""
    if state.peers is None:
        raise RpcFault(500, "No trusted table")
    rows = [(name_slot(source), peer) for source, peers in state.peers.by_source.items() for peer in peers]
    rows.sort(key=lambda row: row[0])
    return Flat(
        [
            {
                "table": slot,
                "item": {
                    "ip": peer.source,
                    "proto": peer.proto,
                    "pattern": _tag(peer.sender),
                    "ruri_pattern": _tag(peer.uri),
                    "tag": _tag(peer.tag),
                    "priority": peer.priority,
                },
            }
            for slot, peer in rows
        ]
    )


def _ask(state: Permissions, args: Arguments) -> RpcValue:
    texts = [str(arg) for arg in args[:3] if isinstance(arg, str)]
    if len(texts) < 3:
        raise RpcFault(500, "Not enough parameters (basename, URI and contact)")
    base, uri, contact = texts
    number = state.files.number(base + state.allow_suffix)
    if number is None:
        state.complain(None, f"File {base + state.allow_suffix} has not been loaded")
        return "Denied"
    return "Allowed" if allowed(state.files.pair(number), uri, contact) else "Denied"


@permissions.rpc("permissions.testUri", "basename uri contact")
def test_uri(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Says whether the files of a base name allow a URI a contact."""
    return _ask(state, args)


@permissions.rpc("permissions.allowUri", "basename uri contact")
def allow_uri(state: Permissions, services: Services, args: Arguments) -> RpcValue:
    """Says whether the files of a base name allow a URI a contact."""
    return _ask(state, args)
