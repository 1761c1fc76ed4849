"""Trusted peers: an address, a protocol, and expressions for From and Request-URI."""

from dataclasses import dataclass
from functools import lru_cache

from sroute.db.database import Row
from sroute.runtime.regex import CASE, BadPattern, Search, searcher

PROTOCOLS = {"any": 0, "udp": 1, "tcp": 2, "tls": 3, "sctp": 4, "ws": 5, "wss": 6}
NONE = -1
"""A peer with the protocol `none` is switched off."""


def protocol(text: str) -> int | None:
    """The number of a protocol's name, in any case; None for an unknown one."""
    lowered = text.lower()
    return NONE if lowered == "none" else PROTOCOLS.get(lowered)


@dataclass(frozen=True, slots=True)
class Peer:
    """A row of the table; a pattern that is not there matches anything."""

    source: str
    proto: int | None
    sender: str | None
    uri: str | None
    tag: str | None
    priority: int

    @classmethod
    def of_row(cls, row: Row) -> "Peer":
        """A row: protocol, patterns, tag, priority, address."""
        proto, sender, uri, tag, priority, source = row
        return cls(
            str(source or ""),
            protocol(str(proto or "")),
            None if sender is None else str(sender),
            None if uri is None else str(uri),
            None if tag is None else str(tag),
            int(priority or 0),
        )

    def matches(self, proto: int, sender: str, uri: str) -> bool:
        """Whether a request is this peer's."""
        if self.proto is None or self.proto == NONE or (self.proto and proto and self.proto != proto):
            return False
        return _fits(self.sender, sender) and _fits(self.uri, uri)


@lru_cache(maxsize=1024)
def _search(pattern: str) -> Search | None:
    try:
        return searcher(pattern, CASE)
    except BadPattern:
        return None


def _fits(pattern: str | None, text: str) -> bool:
    if pattern is None:
        return True
    search = _search(pattern)
    return search is not None and bool(search(text))


class Peers:
    """The peers of a table that was read at the start, by address, highest priority first."""

    __slots__ = ("by_source",)

    def __init__(self, peers: list[Peer]) -> None:
        """peers come in the order of the table."""
        self.by_source: dict[str, list[Peer]] = {}
        for peer in peers:
            if peer.proto is not None and peer.proto != NONE:
                self.by_source.setdefault(peer.source, []).append(peer)
        for known in self.by_source.values():
            known.sort(key=_first)

    def of(self, source: str) -> list[Peer]:
        """The peers of an address."""
        return self.by_source.get(source, [])


def _first(peer: Peer) -> int:
    return -peer.priority
