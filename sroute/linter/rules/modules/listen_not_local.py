"""MD032."""

from collections.abc import Iterator
from ipaddress import ip_address

from sroute.linter.machine import local_addresses
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Listen

ANY = frozenset(["0.0.0.0", "::"])


class ListenNotLocal(NodeRule[Listen]):
    """A socket is to be bound on an address that this machine does not have.

    `kamailio -c` accepts it, the start fails: "Cannot assign requested address". Looked at with `--here` only. (Behind NAT the
    address of the outside stands behind `advertise`.)
    """

    code = "MD032"
    stage = "start"
    here = True
    nodes = (Listen,)
    bad = (Bad("#!KAMAILIO\nlisten=udp:203.0.113.77:5060\nrequest_route { exit; }", ("udp:203.0.113.77:5060",)),)
    good = (
        "#!KAMAILIO\nlisten=udp:127.0.0.1:5060\nrequest_route { exit; }",
        "#!KAMAILIO\nlisten=udp:127.0.0.1:5060 advertise 203.0.113.77:5060\nrequest_route { exit; }",
    )

    def check(self, node: Listen, subject: Subject) -> Iterator[Found]:
        """Numeric addresses that no interface has."""
        known = local_addresses() if subject.circumstances.here else None
        for spec in node.sockets if known is not None else ():
            for host in spec.hosts:
                address = _address(host)
                if known is not None and address is not None and address not in known and address not in ANY:
                    yield Found(spec.span, f"{address} is no address of this machine: Kamailio does not start", severity="error")


def _address(host: str) -> str | None:
    """An address in its usual form; None for a name."""
    try:
        found = ip_address(host.strip("[]"))
    except ValueError:
        return None
    return None if found.is_loopback else str(found)
