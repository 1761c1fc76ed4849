"""Names and their addresses, as far as the instance was told; SRV and NAPTR records are not looked up."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from sroute.exports.fixups import FORMAT, INTEGER, Arg, Constant, FixupError, Names, Scope
from sroute.exports.variable import Index, Pv
from sroute.modules.ipops.addresses import packed
from sroute.modules.ipops.module import IpOps, ipops
from sroute.modules.pv.keys import OneOf, key
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value

_CONTAINER = re.compile(r"\s*([^=\s]*)\s*=>(addr|type|ipv4|ipv6|count)(?:\[(\$.+|-?[0-9]*)\])?\Z")
_KEY = "ipops.dns"
_LONGEST = 255


@dataclass(slots=True)
class Container:
    """What a query has found."""

    addresses: list[str] = field(default_factory=list)


def _containers(run: Run) -> dict[str, Container]:
    found: Any = run.process.module_state.setdefault(_KEY, {})
    containers: dict[str, Container] = found
    return containers


def _address(state: IpOps, host: str) -> str | None:
    """The address of a name; an address in brackets is none here. This does not ask Kamailio's own resolver: IPv6 is always there."""
    if not host or host[0] == "[":
        return None
    found = packed(host) if ":" in host else None
    return str(ip_address(found)) if found is not None else state.instance.resolve(host)


@ipops.function("dns_query", FORMAT, FORMAT)
def dns_query(state: IpOps, run: Run, host: str, container: str) -> int:
    """Looks up the addresses of a name for `$dns(container=>...)`; -4 without any.

    Example: if (dns_query("example.com", "xyz")) { xlog("$dns(xyz=>addr)\\n"); }
    """
    if len(host) > _LONGEST:
        return -2
    found = _containers(run).setdefault(container, Container())
    address = _address(state, host)
    found.addresses = [] if address is None else [address]
    if address is None:
        state.complain(run, f"unable to resolve {host} - getaddrinfo: Name or service not known")
        return -4
    return 1


def _wanted(state: IpOps, run: Run, ip: str) -> bytes | None:
    found = packed(ip[1:-1] if ip[:1] == "[" and ip[-1:] == "]" else ip)
    if found is None:
        state.complain(run, f"invalid ip address: {ip}")
    return found


@ipops.function("dns_sys_match_ip", FORMAT, FORMAT)
def dns_sys_match_ip(state: IpOps, run: Run, host: str, ip: str) -> int:
    """True when a name has an address; -3 when that is none, -4 when the name has no address.

    Example: if (dns_sys_match_ip("$fd", "$si")) { xlog("from its own host\\n"); }
    """
    wanted = _wanted(state, run, ip)
    if wanted is None:
        return -3
    address = _address(state, host)
    if address is None:
        state.complain(run, "getaddrinfo: Name or service not known")
        return -4
    return 1 if packed(address) == wanted else -1


@ipops.function("dns_int_match_ip", FORMAT, FORMAT)
def dns_int_match_ip(state: IpOps, run: Run, host: str, ip: str) -> int:
    """As dns_sys_match_ip(), looked up by Kamailio itself, for IPv4.

    Example: if (dns_int_match_ip("$fd", "$si")) { xlog("from its own host\\n"); }
    """
    wanted = _wanted(state, run, ip)
    if wanted is None:
        return -3
    address = _address(state, host)
    if address is None or ":" in address:
        return -4
    return 1 if packed(address) == wanted else -1


@ipops.function("dns_set_local_ttl", INTEGER)
def dns_set_local_ttl(state: IpOps, run: Run, seconds: int) -> int:
    """Sets how long Kamailio keeps addresses from /etc/hosts; no effect here.

    Example: dns_set_local_ttl("30");
    """
    return 1


# ---------------------------------------------------------------- $dns


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `$dns` reads: container, part, index."""

    container: str
    part: str
    index: "int | Pv"


@dataclass(frozen=True, slots=True)
class ContainerName:
    """`container=>part[index]`."""

    form: str = "container=>part"

    def parse(self, text: str, names: Names) -> Wanted:
        """Container, part and index."""
        found = _CONTAINER.match(text)
        if found is None:
            raise FixupError(f"error at PV dns name: {text}")
        index = found[3] or "0"
        return Wanted(found[1], found[2], names.pv(index) if index[0] == "$" else int(index) if index != "-" else 0)

    def bind(self, parsed: Wanted, scope: Scope) -> Arg[Wanted]:
        """The same."""
        return Constant(parsed)


@ipops.variables_of("dns", inner=ContainerName())
def dns(scope: Any, inner: Arg[Wanted], index: Index) -> Read:
    """What dns_query() has found: `addr`, `type` (4 or 6), `count`, `ipv4` and `ipv6` (1 when there is such an address).

    Example: xlog("$dns(xyz=>addr[0])\\n");
    """
    assert isinstance(inner, Constant)
    wanted: Wanted = inner.value
    number: Read | None = scope.read(wanted.index) if isinstance(wanted.index, Pv) else None

    def read(run: Run) -> Value:
        container = _containers(run).get(wanted.container)
        found = container.addresses if container is not None else []
        at = wanted.index if number is None else number(run)
        if not isinstance(at, int) or not -len(found) <= at < len(found):
            return None
        return _part(found, at, wanted.part)

    return read


def _part(found: list[str], at: int, part: str) -> Value:
    match part:
        case "addr":
            return found[at]
        case "type":
            return 6 if ":" in found[at] else 4
        case "count":
            return len(found)
        case _:
            return int(any((":" in address) == (part == "ipv6") for address in found))


# ---------------------------------------------------------------- $HN


@ipops.variables_of("HN", inner=OneOf(("n", "f", "d", "i")))
def host_name(scope: Any, inner: Arg[str], index: Index) -> Read:
    """The name of this host: short (`n`), full (`f`), domain (`d`) and address (`i`); in sroute it is `localhost`, 127.0.0.1.

    Example: xlog("$HN(f)\\n");
    """
    value = {"n": "localhost", "f": "localhost", "d": None, "i": "127.0.0.1"}[key(inner)]
    return lambda run: value
