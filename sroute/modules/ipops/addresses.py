"""Addresses: of which kind they are, what they are for, whether they are equal or in a subnet."""

import re
import socket
from ipaddress import IPv4Network, IPv6Network

from sroute.exports.fixups import FORMAT, TARGET, PvRef
from sroute.modules.ipops.module import IpOps, ipops
from sroute.runtime.run import Run

IPV4, IPV6, REFERENCE = 1, 2, 3
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_PRIVATE = re.compile(rf"(?:10\.{_OCTET}|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168)\.{_OCTET}\.[0-9]")
_LEADING_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)")
_V4 = tuple(
    (IPv4Network(network), purpose)
    for purpose, networks in (
        ("BROADCAST", "255.255.255.255/32"),
        ("TEST-NET", "203.0.113.0/24 198.51.100.0/24 192.0.2.0/24"),
        ("6TO4-RELAY", "192.88.99.0/24"),
        ("PRIVATE", "192.168.0.0/16 172.16.0.0/12 10.0.0.0/8 0.0.0.0/8"),
        ("LINK-LOCAL", "169.254.0.0/16"),
        ("SHARED", "100.64.0.0/10"),
        ("LOOPBACK", "127.0.0.0/8"),
        ("MULTICAST", "224.0.0.0/4"),
        ("RESERVED", "192.0.0.0/24 198.18.0.0/15 240.0.0.0/4"),
        ("PUBLIC", "0.0.0.0/0"),
    )
    for network in networks.split()
)
_V6 = tuple(
    (IPv6Network(network), purpose)
    for network, purpose in (
        ("::/128", "UNSPECIFIED"), ("::1/128", "LOOPBACK"), ("::ffff:0:0/96", "IPV4MAP"), ("100::/64", "DISCARD"),
        ("2001:2::/48", "BMWG"), ("2001::/32", "TEREDO"), ("2001:db8::/32", "DOCUMENTATION"), ("2001:10::/28", "ORCHID"),
        ("2002::/16", "6TO4"), ("fe80::/10", "LINK-LOCAL-UNICAST"), ("ff00::/8", "MULTICAST"), ("fc00::/7", "UNIQUE-LOCAL-UNICAST"),
        ("2000::/3", "GLOBAL-UNICAST"), ("::/0", "RESERVED"),
    )
)  # fmt: skip


def packed(text: str) -> bytes | None:
    """The bytes of an address without brackets; None when it is none."""
    try:
        return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    except (OSError, ValueError):
        return None


def kind(text: str) -> int:
    """1 IPv4, 2 IPv6, 3 IPv6 in brackets, -1 none of these."""
    if text[:1] == "[":
        return REFERENCE if text[-1:] == "]" and ":" in text and packed(text[1:-1]) is not None else -1
    found = packed(text)
    return -1 if found is None else IPV4 if len(found) == 4 else IPV6


# ---------------------------------------------------------------- kinds


@ipops.function("is_ip", FORMAT)
def is_ip(state: IpOps, run: Run, text: str) -> int:
    """True when a text is an IPv4 address, or an IPv6 address with or without brackets.

    Example: if (is_ip("$rd")) { xlog("no domain\\n"); }
    """
    return 1 if kind(text) > 0 else -1


@ipops.function("is_pure_ip", FORMAT)
def is_pure_ip(state: IpOps, run: Run, text: str) -> int:
    """True when a text is an IPv4 address, or an IPv6 address without brackets.

    Example: if (is_pure_ip("$rd")) { xlog("an address\\n"); }
    """
    return 1 if kind(text) in (IPV4, IPV6) else -1


@ipops.function("is_ipv4", FORMAT)
def is_ipv4(state: IpOps, run: Run, text: str) -> int:
    """True when a text is an IPv4 address.

    Example: if (is_ipv4("$rd")) { xlog("IPv4\\n"); }
    """
    return 1 if kind(text) == IPV4 else -1


@ipops.function("is_ipv6", FORMAT)
def is_ipv6(state: IpOps, run: Run, text: str) -> int:
    """True when a text is an IPv6 address without brackets.

    Example: if (is_ipv6("$si")) { xlog("IPv6\\n"); }
    """
    return 1 if kind(text) == IPV6 else -1


@ipops.function("is_ipv6_reference", FORMAT)
def is_ipv6_reference(state: IpOps, run: Run, text: str) -> int:
    """True when a text is an IPv6 address in brackets.

    Example: if (is_ipv6_reference("$rd")) { xlog("IPv6\\n"); }
    """
    return 1 if kind(text) == REFERENCE else -1


@ipops.function("ip_type", FORMAT)
def ip_type(state: IpOps, run: Run, text: str) -> int:
    """1 for an IPv4 address, 2 for an IPv6 address, 3 for one in brackets, else -1.

    Example: ip_type("$rd"); xlog("$rc\\n");
    """
    return kind(text)


@ipops.function("is_ip_rfc1918", FORMAT)
def is_ip_rfc1918(state: IpOps, run: Run, text: str) -> int:
    """True when a text begins with an IPv4 address of RFC 1918; 5.6.3 does not look at what stands behind its last dot but a digit.

    Example: if (is_ip_rfc1918("$si")) { xlog("from inside\\n"); }
    """
    return 1 if _PRIVATE.match(text) else -1


# ---------------------------------------------------------------- what they are for


@ipops.function("detailed_ip_type", FORMAT, TARGET)
def detailed_ip_type(state: IpOps, run: Run, text: str, target: PvRef) -> int:
    """Puts into a variable what an address is for: PUBLIC, PRIVATE, LOOPBACK, GLOBAL-UNICAST and others.

    Example: detailed_ip_type("$si", "$var(purpose)");
    """
    found = kind(text)
    return -1 if found < 0 else _purpose(state, run, text, found == IPV4, target)


@ipops.function("detailed_ipv4_type", FORMAT, TARGET)
def detailed_ipv4_type(state: IpOps, run: Run, text: str, target: PvRef) -> int:
    """As detailed_ip_type() for an IPv4 address; blanks around it do not count.

    Example: detailed_ipv4_type("$si", "$var(purpose)");
    """
    return _purpose(state, run, text, True, target)


@ipops.function("detailed_ipv6_type", FORMAT, TARGET)
def detailed_ipv6_type(state: IpOps, run: Run, text: str, target: PvRef) -> int:
    """As detailed_ip_type() for an IPv6 address; blanks around it do not count.

    Example: detailed_ipv6_type("$si", "$var(purpose)");
    """
    return _purpose(state, run, text, False, target)


def _purpose(state: IpOps, run: Run, text: str, is_v4: bool, target: PvRef) -> int:
    bare = text[1:-1] if text[:1] == "[" and not is_v4 else text
    found = packed(bare.strip(" \t\r\n"))
    if found is None or (len(found) == 4) != is_v4:
        state.complain(run, "bad ip parameter")
        return -1
    value = int.from_bytes(found, "big")
    for network, purpose in _V4 if is_v4 else _V6:
        if value & int(network.netmask) == int(network.network_address):
            target.set(run, purpose)
            break
    return 1


# ---------------------------------------------------------------- comparing


def _bare(text: str) -> str:
    return text[1:-1] if kind(text) == REFERENCE else text


@ipops.function("compare_ips", FORMAT, FORMAT)
def compare_ips(state: IpOps, run: Run, one: str, other: str) -> int:
    """True when two addresses are the same, however they are written; brackets do not count.

    Example: if (compare_ips("$rd", "[::1]")) { xlog("loopback\\n"); }
    """
    return _same(_bare(one), _bare(other))


@ipops.function("compare_pure_ips", FORMAT, FORMAT)
def compare_pure_ips(state: IpOps, run: Run, one: str, other: str) -> int:
    """As compare_ips(); addresses in brackets are equal to none.

    Example: if (compare_pure_ips("$si", "::1")) { xlog("loopback\\n"); }
    """
    return _same(one, other)


def _same(one: str, other: str) -> int:
    address = packed(one)
    return 1 if address is not None and address == packed(other) else -1


@ipops.function("is_in_subnet", FORMAT, FORMAT)
def is_in_subnet(state: IpOps, run: Run, text: str, nets: str) -> int:
    """True when an address is in one of the nets of a list with commas, or is one of its addresses.

    In a list of IPv6 nets 5.6.3 goes on with what the mask of one has left of the address.

    Example: if (is_in_subnet("$si", "10.0.0.0/8,192.168.0.0/16")) { xlog("from inside\\n"); }
    """
    address = packed(text)
    for net in nets.split(",") if address is not None else ():
        found, address = _in_net(address, net.strip(" "))
        if found:
            return 1
    return -1


def _in_net(address: bytes | None, net: str) -> tuple[bool, bytes | None]:
    """Whether an address is in a net, and what is left of the address."""
    base, slash, bits = net.rpartition("/") if net.rfind("/") > 0 else (net, "", "")
    wanted = packed(base)
    if address is None or wanted is None or len(wanted) != len(address):
        return False, address
    number = _LEADING_NUMBER.match(bits)
    length = (int(number[1]) if number is not None else 0) if slash else -1
    size = 8 * len(address)
    if length == -1:
        return address == wanted, address
    if not 0 <= length <= size:
        return False, address
    mask = ((1 << length) - 1) << (size - length)
    left = int.from_bytes(address, "big") & mask
    found = left == int.from_bytes(wanted, "big") & mask
    return found, address if size == 32 else left.to_bytes(len(address), "big")
