"""RT036."""

from collections.abc import Iterator

from sroute.linter.conditions import leaves
from sroute.linter.endings import called, exits
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import If, RouteCall, While


class HiddenExit(NodeRule[If | While]):
    """A route that is used as a condition may end the script.

    Who reads `if (route(A))` expects an answer. When `route[A]` has an `exit` or `drop` in it, neither way is taken.
    """

    code = "RT036"
    severity = "info"
    nodes = (If, While)
    bad = (Bad("request_route { if (route(A)) { exit; } }\nroute[A] { if (has_totag()) exit; return 1; }", ("route(A)",)),)
    good = ("request_route { if (route(A)) { exit; } }\nroute[A] { if (has_totag()) return -1; return 1; }",)

    def check(self, node: If | While, subject: Subject) -> Iterator[Found]:
        """Routes in a condition with an exit in them."""
        for leaf in leaves(node.condition):
            key = called(subject, leaf) if isinstance(leaf, RouteCall) else None
            leave = subject.once(exits).may(key) if key is not None else None
            if leave is not None:
                yield Found(leaf.span, f"this may end the script: there is an {leave.how} on line {leave.span.line}")
