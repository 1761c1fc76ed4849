"""Which addresses are private: RFC 1918, RFC 6598 and 192.0.0.0/24."""

import re
import socket

_NETWORKS = tuple(
    (int.from_bytes(socket.inet_aton(address), "big"), -1 << (32 - bits) & 0xFFFFFFFF)
    for address, bits in (("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16), ("100.64.0.0", 10), ("192.0.0.0", 24))
)
_NUMBER = r"(?:0[xX][0-9a-fA-F]{1,8}|[0-9]{1,11})"
_ATON = re.compile(rf"({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?(?:[ \t\r\n\v\f].*)?\Z", re.S)


def number(text: str) -> int | None:
    """An IPv4 address as inet_aton() reads it (`10.1` and `0xa.0.0.1` are addresses); None when it is none."""
    found = _ATON.match(text)
    if found is None:
        return None
    parts = [_part(part) for part in found.groups() if part is not None]
    if any(part is None for part in parts):
        return None
    *high, last = [part for part in parts if part is not None]
    if any(part > 255 for part in high) or last >= 1 << (32 - 8 * len(high)):
        return None
    value = last
    for place, part in enumerate(high):
        value += part << (24 - 8 * place)
    return value


def _part(text: str) -> int | None:
    if text[:2].lower() == "0x":
        return int(text[2:], 16)
    if text[0] == "0" and len(text) > 1:
        return int(text, 8) if set(text) <= set("01234567") else None
    return int(text)


def is_private(text: str) -> bool:
    """Whether a text is a private IPv4 address."""
    value = number(text)
    return value is not None and any(value & mask == network for network, mask in _NETWORKS)


def is_address(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address, the latter with or without brackets."""
    bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in bare else socket.AF_INET, bare)
    except (OSError, ValueError):
        return False
    return bare is text or ":" in bare
