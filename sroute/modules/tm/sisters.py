"""The sisters of t_relay(): to a fixed destination, over a fixed protocol, without making the transaction, or as a copy."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, TEXT, Arg, Constant, FixupError, Names, Scope
from sroute.modules.tm import forwarding, lookup
from sroute.modules.tm.binding import Tm, context, current
from sroute.modules.tm.declaration import tm
from sroute.modules.tm.forwarding import NO_PROXY
from sroute.modules.tm.functions import relay_with
from sroute.modules.tm.nexthop import Proxy
from sroute.runtime.run import Run
from sroute.sip import uri as uris
from sroute.sip.endpoint import PROTOCOLS

_ADDRESS = re.compile(r"(?:([a-z]+):)?(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::(\d+))?\Z")
_PORTS = 1 << 16
NO_100 = 1
NO_INTERNAL_REPLY = 2
NO_FAILOVER = 4


@dataclass(frozen=True, slots=True)
class _Port:
    """A port in decimal; the empty text stands for 0."""

    form: str = "port"

    def parse(self, text: str, names: Names) -> int:
        """The number."""
        if not text.isdecimal() and text:
            raise FixupError(f"bad port number <{text}>")
        return int(text or 0) % _PORTS

    def bind(self, parsed: int, scope: Scope) -> Constant[int]:
        """A constant."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class _Flags:
    """Flags in decimal, or in hexadecimal behind 0x."""

    form: str = "flags"

    def parse(self, text: str, names: Names) -> int:
        """The number."""
        found = _number(text)
        if found is None:
            raise FixupError(f"invalid flags <{text}>")
        return found

    def bind(self, parsed: int, scope: Scope) -> Constant[int]:
        """A constant."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class _Destination:
    """`proto:host:port`, of which only the host is needed."""

    form: str = "destination"
    or_flags: bool = False

    def parse(self, text: str, names: Names) -> Proxy | int:
        """The destination; or flags, where they may stand instead."""
        flags = _number(text) if self.or_flags else None
        return _proxy(text) if flags is None else flags

    def bind(self, parsed: Proxy | int, scope: Scope) -> "Arg[Proxy | int]":
        """A constant."""
        return Constant(parsed)


def _number(text: str) -> int | None:
    if text[:2].lower() == "0x":
        return int(text, 16) if re.fullmatch(r"0[xX][0-9a-fA-F]+", text) else None
    return int(text) if text.isdecimal() else None


def _proxy(text: str) -> Proxy:
    match = _ADDRESS.match(text)
    if match is None or match[1] not in (None, *PROTOCOLS):
        raise FixupError(f"invalid proxy addr parameter <{text}>")
    return Proxy(match[2], int(match[3] or 0) % _PORTS, match[1] or "")


# ---------------------------------------------------------------- t_relay...


@tm.function("t_relay", TEXT, _Port(), constant=True)
def relay_there(state: Tm, run: Run, host: str, port: int) -> int:
    """As t_relay(), but sends to that host and port whatever the URIs say.

    Example: t_relay("127.0.0.1", "5070");
    """
    return relay_with(state, run, Proxy(host, port))


@tm.function("t_relay_to")
def relay_to(state: Tm, run: Run) -> int:
    """As t_relay()."""
    return relay_with(state, run)


@tm.function("t_relay_to", _Destination(or_flags=True), constant=True)
def relay_to_one(state: Tm, run: Run, target: Proxy | int) -> int:
    """As t_relay(), but sends to `proto:host:port`; with a number, which stands for flags, just as t_relay(): it is ignored.

    Example: t_relay_to("udp:127.0.0.1:5070");
    """
    if isinstance(target, Proxy):
        return relay_with(state, run, target)
    state.services.note("flags alone have no effect on t_relay_to(): they count beside a destination only", run.at)
    return relay_with(state, run)


@tm.function("t_relay_to", _Destination(), _Flags(), constant=True)
def relay_to_with(state: Tm, run: Run, target: Proxy, flags: int) -> int:
    """As t_relay(), but sends to `proto:host:port`, with flags: 1 no 100, 2 no reply by tm when it fails, 4 no second address.

    Example: t_relay_to("udp:127.0.0.1:5070", "0x01");
    """
    _set(run, flags)
    return relay_with(state, run, target)


def _set(run: Run, flags: int) -> None:
    switches = {
        "auto_100": not flags & NO_100,
        "no_internal_reply": bool(flags & NO_INTERNAL_REPLY),
        "no_failover": bool(flags & NO_FAILOVER),
    }
    t = current(run)
    if t is None:
        context(run).switches.update(switches)
        return
    for name, on in switches.items():
        setattr(t, name, on)


def _over(proto: str) -> None:
    """Declares t_relay_to_PROTO and its like."""

    def anywhere(state: Tm, run: Run) -> int:
        return relay_with(state, run, proto=proto)

    def there(state: Tm, run: Run, host: str, port: int) -> int:
        return relay_with(state, run, Proxy(host, port), proto)

    anywhere.__doc__ = f"As t_relay(), but over {proto.upper()}."
    there.__doc__ = f"As t_relay(), but over {proto.upper()} to that host and port."
    tm.function(f"t_relay_to_{proto}")(anywhere)
    tm.function(f"t_relay_to_{proto}", TEXT, _Port(), constant=True)(there)


for _proto in ("udp", "tcp", "tls", "sctp"):
    _over(_proto)


# ---------------------------------------------------------------- t_forward_nonack..., t_replicate...


def _forward(state: Tm, run: Run, proxy: Proxy, proto: str = "") -> int:
    """Sends on with the transaction that exists."""
    t = lookup.check(state, run)
    if t is None:
        return -1
    if run.message.method == "ACK":
        state.complain("WARNING", "you don't really want to fwd hop-by-hop ACK", run)
        return -1
    return forwarding.forward(state, run, t, proxy, proto)


def _copy(state: Tm, run: Run, proxy: Proxy, proto: str = "") -> int:
    """Sends a copy whose replies stay here."""
    return forwarding.relay_request(state, run, proxy, proto, replicate=True)


@tm.function("t_forward_nonack_uri")
def forward_uri(state: Tm, run: Run) -> int:
    """Sends on as t_relay() does, but needs the transaction; -1 without."""
    return _forward(state, run, NO_PROXY)


@tm.function("t_replicate")
def replicate(state: Tm, run: Run) -> int:
    """Sends a copy to where the R-URI leads; replies to it stay here."""
    return _copy(state, run, NO_PROXY)


@tm.function("t_replicate", FORMAT)
def replicate_uri(state: Tm, run: Run, uri: str) -> int:
    """Sends a copy to where a URI leads; replies to it stay here.

    Example: t_replicate("sip:10.0.0.2:5060");
    """
    parsed = uris.parse(uri)
    if parsed is None:
        state.complain("ERROR", "bad replicate SIP address!", run)
        return -1
    if state.services.resolve(parsed.host) is None:
        state.services.diag("CRITICAL", f'could not resolve hostname: "{parsed.host}"', "core", run.at)
        state.complain("ERROR", f"cannot create proxy from URI <{uri}>", run)
        return -1
    proto = parsed.proto or ""
    return _copy(state, run, Proxy(parsed.host, parsed.port_number or 0, proto), proto)


Act = Callable[[Tm, Run, Proxy, str], int]


def _given(function: str, act: Act, proto: str, doc: str) -> None:
    """Declares a function that takes host and port."""

    def there(state: Tm, run: Run, host: str, port: int) -> int:
        return act(state, run, Proxy(host, port), proto)

    there.__doc__ = doc
    tm.function(function, TEXT, _Port(), constant=True)(there)


def _computed(function: str, act: Act, doc: str) -> None:
    """Declares a function that takes a protocol and an address, looked at when it is called."""

    def there(state: Tm, run: Run, proto: str, address: str) -> int:
        proxy = _address(state, run, address)
        known = proto if proto in PROTOCOLS else ""
        return -1 if proxy is None else act(state, run, Proxy(proxy.host, proxy.port, known), known)

    there.__doc__ = doc
    tm.function(function, TEXT, TEXT, constant=True)(there)


def _address(state: Tm, run: Run, address: str) -> Proxy | None:
    """Host and port; None, with what Kamailio says then. A variable is not read: it counts as empty."""
    host, _, port = address.rpartition(":") if ":" in address.rpartition("]")[2] else (address, "", "0")
    if not port.isdecimal():
        state.complain("ERROR", f"bad port number <{address}>", run)
    elif not host or host.startswith("$"):
        state.complain("ERROR", "host name is empty", run)
    elif state.services.resolve(host) is None:
        state.services.diag("CRITICAL", f'could not resolve hostname: "{host}"', "core", run.at)
        state.complain("ERROR", f"bad host name in URI <{address}>", run)
    else:
        return Proxy(host, int(port) % _PORTS)
    return None


_given("t_forward_nonack", _forward, "", "Sends on to that host and port, but needs the transaction; -1 without.")
_given("t_replicate", _copy, "", "Sends a copy to that host and port; replies to it stay here.")
for _proto in ("udp", "tcp", "tls", "sctp"):
    _given(
        f"t_forward_nonack_{_proto}", _forward, _proto, f"Sends on over {_proto.upper()} to that host and port; -1 without a transaction."
    )
    _given(f"t_replicate_{_proto}", _copy, _proto, f"Sends a copy over {_proto.upper()} to that host and port; replies to it stay here.")
_computed("t_relay_to_avp", relay_with, "As t_relay(), but over that protocol to `host:port`.")
_computed("t_forward_nonack_to", _forward, "Sends on over that protocol to `host:port`, but needs the transaction; -1 without.")
_computed("t_replicate_to", _copy, "Sends a copy over that protocol to `host:port`; replies to it stay here.")
