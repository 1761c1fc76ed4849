"""The corex module itself: its state and parameters."""

import re
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.module import Module
from sroute.exports.param import ParamError
from sroute.runtime.run import Run
from sroute.runtime.services import Services


@dataclass(slots=True)
class CoreExtras:
    """Parameters, the services, and what file_write() has written where sroute does not."""

    subdomains: list[tuple[str, str, int]] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    services: Services | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "corex", run.at)


corex = Module("corex", CoreExtras, "What the core can do but has no words for: branches with q, raw sending, sockets, files, flags.")


PROTOCOLS = ("any", "udp", "tcp", "tls", "sctp", "ws", "wss")
_DIGITS = re.compile(r"[0-9]{1,9}")


@corex.param("alias_subdomains", "str")
def alias_subdomains(state: CoreExtras, value: int | str) -> None:
    """A domain whose subdomains are the server's own: `[proto:]domain[:port]`."""
    text = str(value)
    bracket = text.rfind("]") + 1
    first, colon, rest = text.partition(":") if not bracket else ("", "", text)
    proto, rest = (first.lower(), rest) if colon and (first.lower() in PROTOCOLS or rest.count(":") > 1) else ("", text)
    host, colon, port = (text[:bracket], text[bracket : bracket + 1], text[bracket + 1 :]) if bracket else rest.partition(":")
    digits = _DIGITS.match(port)
    if not host or (colon and digits is None and not proto):
        raise ParamError(f"invalid alias_subdomains: {text}")
    state.subdomains.append(("" if proto not in PROTOCOLS[1:] else proto, host.lower().lstrip("."), int(digits[0]) if digits else 0))


def _init(state: CoreExtras, scope: Any) -> None:
    state.services = scope.services
    if state.subdomains:
        scope.services.add_self_check(lambda host, port, proto: _is_subdomain(state, host, port, proto))


def _is_subdomain(state: CoreExtras, host: str, port: int, proto: str) -> bool:
    name = host.lower()
    for their_proto, domain, their_port in state.subdomains:
        if their_proto and proto and their_proto != proto:
            continue
        if their_port and port and their_port != port:
            continue
        if name == domain or name.endswith(f".{domain}"):
            return True
    return False


corex.hooks.init.append(_init)
