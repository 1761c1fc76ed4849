"""The select framework: `@ruri.user`, `$sel(via[1].host)`; those of the core are listed here, modules declare their own.

A select is a path of names, some with an index. `resolve` turns the path into what reads it; names count without case.
"""

import re
from collections.abc import Callable, Sequence

from sroute.exports.fixups import Names
from sroute.exports.select import Factory, Family, Part, Parts
from sroute.modules.pv import select_addresses as addresses
from sroute.modules.pv import select_message as texts
from sroute.modules.pv import select_world as world
from sroute.modules.pv.select_types import always

_PART = re.compile(r"\.?([A-Za-z_][A-Za-z0-9_\-]*)(?:\[(?:\"([^\"]*)\"|(-?\d{1,9}))\])?")


def _header(name: str) -> Family:
    """The body of a header, nothing below it."""

    def family(index: int | str | None, rest: Parts) -> Factory | None:
        return None if rest or index is not None else always(lambda run: run.message.value(name))

    return family


ROOTS: dict[str, Family] = {
    "ruri": addresses.ruri,
    "request_uri": addresses.ruri,
    "dst_uri": addresses.dst_uri,
    "next_hop": addresses.next_hop,
    "from": addresses.party("from"),
    "f": addresses.party("from"),
    "to": addresses.party("to"),
    "t": addresses.party("to"),
    "refer_to": addresses.party("refer-to"),
    "remote_party_id": addresses.party("remote-party-id"),
    "rpid": addresses.party("remote-party-id"),
    "contact": addresses.contact,
    "m": addresses.contact,
    "record_route": addresses.record_route,
    "rr": addresses.record_route,
    "branch": addresses.branch,
    "via": texts.via,
    "v": texts.via,
    "cseq": texts.cseq,
    "msg": texts.message,
    "message": texts.message,
    "method": texts.method,
    "version": texts.version,
    "status": texts.status,
    "code": texts.status,
    "reason": texts.reason,
    "authorization": texts.credentials("Authorization"),
    "proxy_authorization": texts.credentials("Proxy-Authorization"),
    "src": world.source,
    "dst": world.destination,
    "received": world.received,
    "sys": world.system,
    "cfg_get": world.settings,
    **{
        name.lower().replace("-", "_"): _header(name)
        for name in (
            "Event", "Call-ID", "Expires", "Max-Forwards", "Content-Type", "Content-Length", "Subject", "Organization", "Priority",
            "Session-Expires", "Min-SE", "User-Agent", "SIP-If-Match", "Date", "Identity", "Identity-Info",
        )
    },
}  # fmt: skip


def resolve_select(parts: Sequence[Part], names: Names, *, late: bool = False) -> Factory | None:
    """What reads a select of the core or of a loaded module, given the services of the instance; None when there is no such select."""
    if not parts:
        return None
    root = parts[0][0].lower()
    family = ROOTS.get(root) or names.select_family(root, late=late)
    rest = tuple((name.lower(), index) for name, index in parts[1:])
    return None if family is None else family(parts[0][1], _written(parts, rest))


def _written(parts: Sequence[Part], lowered: Parts) -> Parts:
    """Names in lower case; those behind `params` and `header` as written."""
    found: list[Part] = []
    for place, part in enumerate(lowered):
        before = parts[place][0].lower()
        found.append(parts[place + 1] if before in ("params", "header", "h") and parts[place][1] is None else part)
    return tuple(found)


def parse_select(text: str) -> tuple[Part, ...] | None:
    """The parts of a select as written; None when it is none."""
    source = text.removeprefix("@")
    parts: list[Part] = []
    at = 0
    while at < len(source):
        match = _PART.match(source, at)
        if match is None or (bool(parts) != source.startswith(".", at)):
            return None
        name, quoted, number = match.groups()
        parts.append((name, int(number) if number is not None else quoted))
        at = match.end()
    return tuple(parts) or None


Reader = Callable[[Sequence[Part]], Factory | None]
