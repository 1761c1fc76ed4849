"""ST004."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Route

MODERN = {("request", "route"): "request_route", ("reply", "onreply_route"): "reply_route"}


class OldSpelling(NodeRule[Route]):
    """A main block has an old name.

    `route { ... }` is `request_route`, an `onreply_route` without a name is `reply_route`.
    """

    code = "ST004"
    severity = "info"
    nodes = (Route,)
    bad = (Bad('#!KAMAILIO\nloadmodule "pv.so"\nroute { exit; }', ("route",), '#!KAMAILIO\nloadmodule "pv.so"\nrequest_route { exit; }'),)
    good = ("request_route { exit; }", "request_route { route(A); }\nroute[A] { exit; }")

    def check(self, node: Route, subject: Subject) -> Iterator[Found]:
        """Unnamed blocks by their word."""
        word = head(node)
        modern = MODERN.get((node.kind, word.text())) if node.name is None and node.name_span is None else None
        if modern is not None:
            yield Found(word, f"this is an old name of {modern}", None, Fix(f"write {modern}", (Edit(word, modern),), safe=True))
