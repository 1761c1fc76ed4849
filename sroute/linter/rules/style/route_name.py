"""ST006."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Route


class RouteName(NodeRule[Route]):
    """The name of a block is not in capitals.

    Capitals are the custom: they stand out from the names of functions.
    """

    code = "ST006"
    severity = "info"
    nodes = (Route,)
    bad = (Bad("route[relay] { exit; }\nrequest_route { route(relay); }", ("relay",)),)
    good = ("route[RELAY] { exit; }\nrequest_route { route(RELAY); }", "route[1] { exit; }\nrequest_route { route(1); }")

    def check(self, node: Route, subject: Subject) -> Iterator[Found]:
        """Names with small letters, but for events."""
        if node.kind != "event" and node.name and node.name_span is not None and node.name != node.name.upper():
            yield Found(node.name_span, "names of blocks are written in capitals")
