"""Stateless forwarding of requests and replies, as the core does it."""

from sroute.runtime import sererror
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import relay, tags
from sroute.sip import uri as uris
from sroute.sip.endpoint import PROTOCOLS, Endpoint
from sroute.sip.target import via_target

NOT_SENT = -510
"""What forward() returns when onsend_route drops the message."""


def target(services: Services, uri_text: str, default_proto: str = "udp") -> Endpoint | None:
    """Where a URI leads: its maddr or host resolved, port and transport; None when it can't be reached."""
    uri = uris.parse(uri_text)
    if uri is None or not uri.host:
        return None
    ip = services.resolve(uri.param("maddr") or uri.host)
    proto = uri.proto or default_proto
    if ip is None or proto not in PROTOCOLS:
        return None
    return Endpoint(proto, ip, uri.port_number or (5061 if proto in ("tls", "wss") else 5060))


def forward(services: Services, run: Run, host: str, port: int | str, proto: str) -> int:
    """forward(): 1, or -1 with what Kamailio logs; the error is left for sl_reply_error()."""
    message = run.message
    if not host and uris.parse(message.dst_uri or message.uri) is None:
        services.diag("ERROR", "forward: bad_uri dropping packet", span=run.at)
        if run.at is not None:
            services.diag("ERROR", f"run action error at: {run.at.source.name}:{run.at.begin.line}", span=run.at)
        sererror.report(run, sererror.BAD_URI)
        return -1
    destination = _destination(services, run, host, port, proto)
    if destination is None:
        uri = uris.parse(message.dst_uri or message.uri)
        name = host if host and host != "uri:host" else (uri.host if uri is not None else "")
        services.diag("ERROR", f'could not resolve hostname: "{name}"', span=run.at)
        services.diag("ERROR", f"bad host name {name}, dropping packet", span=run.at)
        sererror.report(run, sererror.BAD_ADDRESS)
        return -1
    return send_request(services, run, destination)


def _destination(services: Services, run: Run, host: str, port: int | str, proto: str) -> Endpoint | None:
    message = run.message
    if not host:
        found = target(services, message.dst_uri or message.uri)
        return found and (Endpoint(proto, found.ip, found.port) if proto else found)
    uri = message.parsed_uri
    name = (uri.host if uri else "") if host == "uri:host" else host
    ip = services.resolve(name) if name else None
    if ip is None:
        return None
    number = (uri.port_number if uri else 0) if port == "uri:port" else int(port or 0)
    return Endpoint(proto or "udp", ip, number or 5060)


def send_request(services: Services, run: Run, destination: Endpoint) -> int:
    """Sends the message of a run on, with a stateless branch."""
    message = run.message
    socket = services.route_socket(run, destination)
    if socket is None:
        family = 10 if destination.is_ipv6 else 2
        text = f"cannot forward to af {family}, proto {destination.proto_id} no corresponding listening socket"
        services.diag("ERROR", text, span=run.at)
        sererror.report(run, sererror.NO_SOCKET)
        return -1
    if message.row("via") is None:
        services.note("forward() of a message without Via: Kamailio 5.6.3 crashes here", run.at)
        return -1
    if message.mutilated:
        services.diag("ERROR", "can't calculate char_value due to a parsing error", span=run.at)
        services.diag("ERROR", "char_msg_val failed", span=run.at)
        return 1
    if message.from_ is None:
        services.diag("ERROR", f"bad From header [{message.value('from')}]", span=run.at)
        services.diag("ERROR", "error while parsing From header", span=run.at)
        services.diag("ERROR", "char_msg_val failed", span=run.at)
        return 1
    text = relay.build_request(message, services.sockets.outgoing(message, destination, socket), tags.stateless_branch(message), keep=True)
    if not services.run_onsend(run, text, socket.endpoint, destination):
        return NOT_SENT
    services.send(text, socket.endpoint, destination)
    services.counters.count("fwd_requests")
    sererror.report(run, 0)
    return 1


def forward_reply(services: Services, run: Run) -> bool:
    """Sends a reply on by its second Via; False when there is none or it leads nowhere."""
    message = run.message
    via = message.via2
    if via is None:
        services.diag("DEBUG", "no 2nd via found in reply")
        return False
    host, destination = via_target(via, via.proto or "udp")
    ip = services.resolve(host)
    if ip is None:
        services.diag("ERROR", f"cannot resolve the host of the 2nd via: {host}")
        return False
    destination = Endpoint(destination.proto, ip, destination.port)
    text = relay.build_reply(message)
    if services.cfg("core", "onsend_route_reply") == 1 and not services.run_onsend(run, text, message.dst, destination):
        return False
    services.send(text, message.dst, destination)
    services.counters.count("fwd_replies")
    return True
