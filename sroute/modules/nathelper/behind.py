"""Is the sender behind NAT: nat_uac_test(), private addresses, counts of Record-Route."""

from collections.abc import Callable

from sroute.exports.fixups import FORMAT
from sroute.modules.nathelper import contact
from sroute.modules.nathelper.module import NatHelper, nathelper
from sroute.modules.nathelper.networks import is_private
from sroute.modules.textops.arguments import MAYBE_INTEGER
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value
from sroute.sip import route, sdp
from sroute.sip import uri as uris
from sroute.sip.endpoint import DEFAULT_PORT
from sroute.sip.reply import same_host
from sroute.sip.sdp import Sdp

# ---------------------------------------------------------------- is the sender behind NAT?


def _contact_private(state: NatHelper, run: Run) -> bool:
    found = contact.first(state, run)
    return found is not None and is_private(found.uri.host)


def _contact_port(state: NatHelper, run: Run) -> bool:
    found = contact.first(state, run)
    return found is not None and (found.uri.port_number or DEFAULT_PORT) != run.message.src.port


def _description(state: NatHelper, run: Run) -> Sdp | None:
    message = run.message
    found = sdp.of(message) if message.body else None
    if found is None and message.body:
        for text in sdp.complaints(message.text, message.body_start):
            state.instance.diag("ERROR", text, "core", run.at)
        state.complain(run, "Unable to parse sdp body")
    return found


def _media_private(state: NatHelper, run: Run) -> bool:
    """Whether a stream is wanted at a private address; one at no IPv4 address ends the look."""
    found = _description(state, run)
    for session in found.sessions if found is not None else ():
        for media in session.media:
            where = session.address_of(media)
            if where is None or where.family != "IP4" or where.ip == "0.0.0.0":
                break
            if is_private(where.ip):
                return True
    return False


def _media_elsewhere(state: NatHelper, run: Run) -> bool:
    """Whether the sessions have an address of their own, and none is that of the sender."""
    found = _description(state, run)
    source, elsewhere = run.message.src, False
    for session in found.sessions if found is not None else ():
        where = session.connection
        if where is None:
            break
        if (where.family == "IP6") == source.is_ipv6 and where.ip == source.ip:
            return False
        elsewhere = True
    return elsewhere


def _other_target(state: NatHelper, run: Run) -> bool:
    message = run.message
    if not message.dst_uri or not message.is_request:
        return False
    target, destination = message.parsed_uri, uris.parse(message.dst_uri)
    if target is None:
        state.complain(run, f"failed to parse r-uri [{message.uri}]")
        return False
    if destination is None:
        state.complain(run, f"failed to parse dst uri [{message.dst_uri}]")
        return False
    same_port = (target.port_number or DEFAULT_PORT) == (destination.port_number or DEFAULT_PORT)
    return target.host != destination.host or not same_port


TESTS: tuple[tuple[int, Callable[[NatHelper, Run], bool]], ...] = (
    (16, lambda state, run: (run.message.via1.port or DEFAULT_PORT) != run.message.src.port),
    (2, lambda state, run: not same_host(run.message.via1.host, run.message.src.ip)),
    (1, _contact_private),
    (8, _media_private),
    (4, lambda state, run: is_private(run.message.via1.host)),
    (32, lambda state, run: not run.message.src.is_ipv6 and is_private(run.message.src.ip)),
    (64, lambda state, run: run.message.src.proto in ("ws", "wss")),
    (128, _contact_port),
    (256, _media_elsewhere),
    (512, _other_target),
)
"""The tests by their bits, in the order in which they are made."""


@nathelper.function("nat_uac_test", MAYBE_INTEGER)
def nat_uac_test(state: NatHelper, run: Run, tests: int | None) -> int:
    """True when one of the tests says that the sender is behind NAT.

    1 private address in Contact, 2 source address is not that of the top Via, 4 private address in the top Via, 8 private address
    in the session description, 16 source port is not that of the top Via, 32 private source address, 64 WebSocket, 128 port of
    Contact is not the source port, 256 address of the session is not the source, 512 $du is another address than $ru.

    Example: if (nat_uac_test("19")) { force_rport(); }
    """
    if tests is None:
        state.complain(run, "failed to get the value for flags parameter")
        return -1
    return 1 if any(tests & bit and test(state, run) for bit, test in TESTS) else -1


@nathelper.function("is_rfc1918", FORMAT)
def is_rfc1918(state: NatHelper, run: Run, address: str) -> int:
    """True when a text is a private IPv4 address (RFC 1918, RFC 6598, 192.0.0.0/24).

    Example: if (is_rfc1918("$si")) { xlog("from inside\\n"); }
    """
    if not address:
        state.complain(run, "invalid address parameter")
        return -2
    return 1 if is_private(address) else -1


# ---------------------------------------------------------------- Record-Route


@nathelper.variable("rr_count", static="int")
def rr_count(run: Run) -> Value:
    """How many Record-Route values the message has.

    Example: xlog("$rr_count\\n");
    """
    values = route.of(run.message, "record-route")
    return FAILED if values is None else len(values)


@nathelper.variable("rr_top_count", static="int")
def rr_top_count(run: Run) -> Value:
    """How many Record-Route values the last proxy has added: 2 when the top one has `r2`, else 1; 0 without any.

    Example: xlog("$rr_top_count\\n");
    """
    row = run.message.row("record-route")
    if row is None:
        return 0
    values = route.parse(run.message.text, row[2], row[3])
    uri = values[0].parsed if values else None
    if uri is None:
        return FAILED
    return 2 if uri.param("r2") is not None else 1
