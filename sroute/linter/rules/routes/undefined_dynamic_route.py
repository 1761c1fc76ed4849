"""RT005."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import RouteCall


class UndefinedDynamicRoute(NodeRule[RouteCall]):
    """No route's name begins as a computed one does.

    `route("X_" + $var(r))` looks for the block when it runs. When there is none, Kamailio logs an error and the script goes on.
    """

    code = "RT005"
    stage = "run"
    nodes = (RouteCall,)
    bad = (Bad('request_route { route("TO_" + $rd); }\nroute[T0_A] { exit; }', ('"TO_" + $rd',)),)
    good = ('request_route { route("TO_" + $rd); }\nroute[TO_A] { exit; }', "route($var(x));")

    def check(self, node: RouteCall, subject: Subject) -> Iterator[Found]:
        """A computed name whose constant beginning no block has."""
        head = subject.shapes.prefix(node.target) if subject.text(node.target) is None else ""
        if head and not subject.circumstances.fragment and not any(True for _ in subject.shapes.dynamic_targets(node)):
            yield Found(node.target.span, f'no route has a name that begins with "{head}"')
