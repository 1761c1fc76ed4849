"""SE012."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Listen


class ListensOnAny(NodeRule[Listen]):
    """A socket is bound on every address.

    `0.0.0.0` and `::` include the networks for management and between servers.
    """

    code = "SE012"
    severity = "info"
    nodes = (Listen,)
    bad = (Bad("#!KAMAILIO\nlisten=udp:0.0.0.0:5060\nrequest_route { exit; }", ("udp:0.0.0.0:5060",)),)
    good = ("#!KAMAILIO\nlisten=udp:10.0.0.1:5060\nrequest_route { exit; }",)

    def check(self, node: Listen, subject: Subject) -> Iterator[Found]:
        """Addresses that stand for all."""
        for spec in node.sockets:
            if any(host.strip("[]") in ("0.0.0.0", "::") for host in spec.hosts):
                yield Found(spec.span, "this is bound on every address of the machine")
