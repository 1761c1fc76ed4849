"""allow_trusted()."""

from sroute.db.database import DbError
from sroute.modules.permissions.declaration import Permissions, permissions
from sroute.modules.permissions.trusted import Peer, protocol
from sroute.modules.tm.arguments import MAYBE_TEXT
from sroute.runtime.run import Run


@permissions.function("allow_trusted")
def allow_trusted(state: Permissions, run: Run) -> int:
    """True if the source of the request is a trusted peer that may send it: address, protocol, From and Request-URI fit.

    Example: if (!allow_trusted()) { proxy_challenge("$fd", "0"); exit; }
    """
    source = run.message.src
    return _trust(state, run, source.ip, source.proto_id, _sender(run))


@permissions.function("allow_trusted", MAYBE_TEXT, MAYBE_TEXT)
def allow_trusted_of(state: Permissions, run: Run, source: str | None, proto: str | None) -> int:
    """As allow_trusted(), for another address and protocol (`any` fits all).

    Example: if (allow_trusted("$si", "any")) { xlog("trusted\\n"); }
    """
    return _told(state, run, source, proto, _sender(run))


@permissions.function("allow_trusted", MAYBE_TEXT, MAYBE_TEXT, MAYBE_TEXT)
def allow_trusted_from(state: Permissions, run: Run, source: str | None, proto: str | None, sender: str | None) -> int:
    """As allow_trusted(), for another address, protocol and From URI.

    Example: if (allow_trusted("$si", "any", "$ai")) { xlog("trusted\\n"); }
    """
    return _told(state, run, source, proto, sender)


def _sender(run: Run) -> str | None:
    address = run.message.from_
    return address.uri if address is not None else None


def _told(state: Permissions, run: Run, source: str | None, proto: str | None, sender: str | None) -> int:
    if not source or not proto:
        state.complain(run, "source ip is not available" if not source else "source protocol is not available")
        return -1
    number = protocol(proto)
    if number is None:
        state.complain(run, f"unknown protocol {proto}")
        return -1
    return _trust(state, run, source, number, sender)


def _trust(state: Permissions, run: Run, source: str, proto: int, sender: str | None) -> int:
    if sender is None:
        return -1
    count = 0
    for peer in _peers(state, run, source):
        if peer.matches(proto, sender, run.message.uri):
            state.note_tag(run, peer.tag)
            count += 1
            if not state.peer_tag_mode:
                break
    return count or -1


def _peers(state: Permissions, run: Run, source: str) -> list[Peer]:
    if state.peers is not None:
        return state.peers.of(source)
    if state.database is None:
        return []
    try:
        return state.peer_rows(source)
    except DbError as error:
        state.complain(run, f"failed to query the database: {error}")
        return []
