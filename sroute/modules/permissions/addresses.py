"""Groups of addresses, networks and names."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sroute.runtime.hashing import core_hash

Address = IPv4Address | IPv6Address
_LINE = re.compile(r"[ \t\r]*(\d*)[ \t\r]*([^ \t\r#]*)[ \t\r]*(\d*)[ \t\r]*(\d*)[ \t\r]*([^ \t\r#]*)", re.A)
_WORD = 1 << 32
SLOTS = 128


class BadAddressError(Exception):
    """An entry that makes the whole table unusable; args[0] says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file, a row of the table: mask 0 means the whole address, port 0 any port."""

    group: int
    text: str
    mask: int
    port: int
    tag: str | None

    @classmethod
    def of_line(cls, line: str) -> "Entry | None":
        """A line as 5.6.3 reads it: what is no number is skipped where a number should be; None for an empty line.

        Raises BadAddressError.
        """
        if not line.partition("#")[0].strip():
            return None
        found = _LINE.match(line)
        assert found is not None, "every part of a line may be missing"
        group, text, mask, port, tag = found.groups()
        if not text:
            raise BadAddressError(f"invalid line: {line}")
        return cls(int(group or 0) % _WORD, text, int(mask or 0), int(port or 0), tag or None)


@dataclass(frozen=True, slots=True)
class Place:
    """An address, network or name of a group; serial says which came first."""

    group: int
    port: int
    tag: str | None
    serial: int

    def fits(self, group: int | None, port: int) -> bool:
        """Whether it is in a group (None: in any) and has a port."""
        return (group is None or self.group == group) and (self.port in (0, port))


@dataclass(slots=True)
class Addresses:
    """All entries by their kind, in the order in which they are looked at."""

    max_subnets: int
    hosts: dict[Address, list[Place]] = field(default_factory=dict)
    subnets: list[tuple[IPv4Network | IPv6Network, Place, str]] = field(default_factory=list)
    domains: dict[str, list[Place]] = field(default_factory=dict)
    count: int = 0

    def add(self, entry: Entry) -> None:
        """Takes an entry in.

        Raises BadAddressError.
        """
        ip = parse(entry.text)
        self.count += 1
        if ip is None:
            self.domains.setdefault(entry.text, []).insert(0, Place(entry.group, entry.port, entry.tag, self.count))
            return
        mask = entry.mask or ip.max_prefixlen
        if mask > ip.max_prefixlen:
            raise BadAddressError(f"bad mask {mask} for {entry.text}")
        if mask == ip.max_prefixlen:
            self.hosts.setdefault(ip, []).insert(0, Place(entry.group, entry.port, entry.tag, self.count))
            return
        if len(self.subnets) >= self.max_subnets:
            raise BadAddressError(f"subnet table is full: {self.max_subnets}")
        place = Place(entry.group, entry.port, entry.tag or "", self.count)
        at = next((i for i, (_, other, _) in enumerate(self.subnets) if other.group > entry.group), len(self.subnets))
        self.subnets.insert(at, (ip_network(f"{ip}/{mask}", strict=False), place, str(ip)))

    def find(self, text: str, port: int, group: int | None) -> Place | None:
        """The first entry for an address or a name."""
        ip = parse(text)
        if ip is None:
            return next((place for place in self.domains.get(text, ()) if place.fits(group, port)), None)
        found = next((place for place in self.hosts.get(ip, ()) if place.fits(group, port)), None)
        if found is not None:
            return found
        return next((place for network, place, _ in self.subnets if place.fits(group, port) and ip in network), None)


def parse(text: str) -> Address | None:
    """An IP address, IPv6 with or without brackets; None for anything else."""
    bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    try:
        return ip_address(bare)
    except ValueError:
        return None


def host_slot(ip: Address) -> int:
    """The slot of an address in Kamailio's table; 5.6.3 looks at its first four bytes."""
    return core_hash(ip.packed[:4].decode("latin-1")) & (SLOTS - 1)


def name_slot(name: str) -> int:
    """The slot of a name."""
    return core_hash(name) & (SLOTS - 1)
