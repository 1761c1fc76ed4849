"""The registrations that are kept in memory, in the order of Kamailio's hash table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntFlag

from sroute.runtime.hashing import core_hash


class State(IntFlag):
    """How a registration stands; the bits that `flags` of the table and of uac.reg_info show."""

    NEW = 0
    DISABLED = 1
    ONGOING = 2
    ONLINE = 4
    AUTH_SENT = 8
    INIT = 16


@dataclass(slots=True, eq=False)
class Record:
    """One registration; times are seconds of the clock."""

    l_uuid: str
    l_username: str
    l_domain: str
    r_username: str
    r_domain: str
    realm: str
    auth_username: str
    auth_password: str
    auth_ha1: str
    auth_proxy: str
    expires: int
    flags: State
    reg_delay: int
    contact_addr: str
    socket: str
    reg_init: int
    timer_expires: int = 0
    call_id: str = ""
    cseq: int = 0


FILTERS = ("l_uuid", "l_username", "r_username", "auth_username")
"""What a record can be looked for by."""


@dataclass(slots=True)
class Records:
    """All registrations: by id and by local user, in slots, the newest first."""

    size: int = 0
    by_uuid: dict[int, list[Record]] = field(default_factory=dict)
    by_user: dict[int, list[Record]] = field(default_factory=dict)

    @property
    def enabled(self) -> bool:
        """Whether there is a table at all (reg_db_url)."""
        return self.size > 0

    def clear(self) -> None:
        """Forgets all."""
        self.by_uuid.clear()
        self.by_user.clear()

    def add(self, record: Record) -> None:
        """Takes a registration in."""
        self._slot(self.by_uuid, record.l_uuid).insert(0, record)
        self._slot(self.by_user, record.l_username).insert(0, record)

    def remove(self, record: Record) -> None:
        """Lets one go."""
        self._slot(self.by_uuid, record.l_uuid).remove(record)
        self._slot(self.by_user, record.l_username).remove(record)

    def _slot(self, table: dict[int, list[Record]], key: str) -> list[Record]:
        return table.setdefault(core_hash(key) & (self.size - 1), [])

    def __iter__(self) -> Iterator[Record]:
        """All, slot by slot."""
        for _, slot in sorted(self.by_uuid.items()):
            yield from list(slot)

    def find(self, uuid: str) -> Record | None:
        """The registration of an id."""
        return next((record for record in self._slot(self.by_uuid, uuid) if record.l_uuid == uuid), None) if self.enabled else None

    def of_user(self, user: str, domain: str | None) -> Record | None:
        """The registration of a local user (of a domain, unless that is None)."""
        if not self.enabled:
            return None
        found = (record for record in self._slot(self.by_user, user) if record.l_username == user)
        return next((record for record in found if domain is None or record.l_domain == domain), None)

    def matching(self, attribute: str, value: str) -> Record | None:
        """The first registration with that value; attribute is one of FILTERS."""
        return next((record for record in self if getattr(record, attribute) == value), None)
