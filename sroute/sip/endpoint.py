"""Addresses of the transport: where a message came from, where it goes."""

import re
from dataclasses import dataclass

from sroute.errors import UsageError

PROTOCOLS = {"udp": 1, "tcp": 2, "tls": 3, "sctp": 4, "ws": 5, "wss": 6}
DEFAULT_PORT = 5060
_FORM = re.compile(r"(?:([A-Za-z]+):(?!//))?(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+)(?::(\d{1,5}))?\Z")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a transport: protocol (`udp`, `tcp`, `tls`, `sctp`, `ws`, `wss`), IP or host without brackets, port."""

    proto: str
    ip: str
    port: int

    @classmethod
    def parse(cls, text: str, proto: str = "udp", port: int = DEFAULT_PORT) -> "Endpoint":
        """Read `udp:127.0.0.1:5060`, `127.0.0.1`, `[::1]:5060`; what is left out is `proto` and `port`."""
        match = _FORM.match(text)
        if match is None:
            raise UsageError(f"not an address: {text!r} (like udp:127.0.0.1:5060 or tcp:[::1]:5060)")
        given, host, number = match.groups()
        named = given.lower() if given else proto
        if named not in PROTOCOLS:
            raise UsageError(f"unknown protocol {named!r} in {text!r} (known: {', '.join(PROTOCOLS)})")
        chosen = int(number) if number else port
        if not 0 <= chosen <= 65535:
            raise UsageError(f"port {chosen} in {text!r} is above 65535")
        return cls(named, host.strip("[]"), chosen)

    @property
    def is_ipv6(self) -> bool:
        """Whether the address is an IPv6 address."""
        return ":" in self.ip

    @property
    def host(self) -> str:
        """The address as it stands in a URI: IPv6 in brackets."""
        return f"[{self.ip}]" if ":" in self.ip else self.ip

    @property
    def proto_id(self) -> int:
        """Kamailio's number of the protocol ($prid): udp 1, tcp 2, tls 3, sctp 4, ws 5, wss 6."""
        return PROTOCOLS[self.proto]

    @property
    def uri(self) -> str:
        """`sip:127.0.0.1:5060`, with `;transport=` unless it is UDP ($su)."""
        return f"sip:{self.host}:{self.port}" + ("" if self.proto == "udp" else f";transport={self.proto}")

    @property
    def full_uri(self) -> str:
        """`sip:127.0.0.1:5060;transport=udp`: the transport is always there ($sut)."""
        return f"sip:{self.host}:{self.port};transport={self.proto}"

    def __str__(self) -> str:
        """`udp:127.0.0.1:5060` ($sas)."""
        return f"{self.proto}:{self.host}:{self.port}"


LOCAL = Endpoint("udp", "127.0.0.1", 5060)
"""Where messages arrive unless told otherwise."""
PEER = Endpoint("udp", "127.0.0.1", 5061)
"""Where messages come from unless told otherwise."""
