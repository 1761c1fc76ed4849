"""Where a branch goes: its destination and the socket to send from."""

from dataclasses import dataclass

from sroute.modules.tm.binding import Tm
from sroute.runtime import sererror
from sroute.runtime.run import Run
from sroute.runtime.sockets import Socket
from sroute.sip import uri as uris
from sroute.sip.endpoint import PROTOCOLS, Endpoint

_SECURE = ("tls", "wss")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A fixed destination (`t_relay_to_udp("host", "port")`); host "" stands for none, proto "" for any."""

    host: str = ""
    port: int = 0
    proto: str = ""


def resolve(tm: Tm, run: Run | None, uri_text: str, proto: str) -> Endpoint | int:
    """The address that a URI leads to, or the error; says what Kamailio says."""
    uri = uris.parse(uri_text)
    if uri is None or not uri.host:
        tm.complain("ERROR", f"bad_uri: [{uri_text}]", run)
        return sererror.BAD_ADDRESS
    host = uri.param("maddr") or uri.host
    chosen = proto or uri.proto or ("tls" if uri.scheme == "sips" else "udp")
    ip = tm.services.resolve(host)
    if ip is None or chosen not in PROTOCOLS:
        tm.services.diag("ERROR", f'could not resolve hostname: "{host}"', "core", run.at if run is not None else None)
        tm.complain("ERROR", f'failed to resolve "{host}"', run)
        return sererror.BAD_ADDRESS
    return Endpoint(chosen, ip, uri.port_number or (5061 if chosen in _SECURE else 5060))


def fixed(tm: Tm, proxy: Proxy, proto: str) -> Endpoint | int:
    """The address of a fixed destination."""
    ip = tm.services.resolve(proxy.host)
    if ip is None:
        return sererror.BAD_ADDRESS
    return Endpoint(proto or proxy.proto or "udp", ip, proxy.port or 5060)


def socket(tm: Tm, run: Run, destination: Endpoint) -> Socket | None:
    """The socket for a destination, with Kamailio's complaints when there is none."""
    found = tm.services.route_socket(run, destination)
    if found is None:
        family = 10 if destination.is_ipv6 else 2
        tm.complain("ERROR", f'no corresponding socket found for "{destination.ip}" af {family} ({destination})', run)
        tm.complain("ERROR", f"can't fwd to af {family}, proto {destination.proto_id}  (no corresponding listening socket)", run)
    return found
