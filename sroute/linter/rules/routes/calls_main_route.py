"""RT016."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import RouteCall


class CallsMainRoute(NodeRule[RouteCall]):
    """`route(0)` runs the main route again.

    0 is the number of `request_route`. Unless something has changed that stops it, it comes to the same place again.
    """

    code = "RT016"
    nodes = (RouteCall,)
    bad = (Bad("request_route { route(A); }\nroute[A] { route(0); }", ("route(0)",)),)
    good = ("request_route { route(1); }\nroute[1] { exit; }",)

    def check(self, node: RouteCall, subject: Subject) -> Iterator[Found]:
        """A call of 0."""
        if subject.text(node.target) == "0" and ("request", "0") not in subject.program.routes:
            yield Found(node.span, "route(0) is request_route: it runs from its beginning again")
