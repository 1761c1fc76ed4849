"""RT020."""

from collections.abc import Iterator

from sroute.linter.endings import called, exits
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Leave, RouteCall, Switch, While
from sroute.syntax.walk import below


class EndlessLoop(NodeRule[While]):
    """A loop has no end.

    The condition is always true, and nothing in the body leaves. Kamailio stops it after `max_while_loops` (100) rounds and logs an
    error.
    """

    code = "RT020"
    stage = "run"
    nodes = (While,)
    bad = (Bad('while (1) { xlog("again\\n"); }', ("1",)),)
    good = ("while (1) { if (has_totag()) break; }", "request_route { while (1) { route(DONE); } }\nroute[DONE] { exit; }")

    def check(self, node: While, subject: Subject) -> Iterator[Found]:
        """A constant condition and a body without a way out."""
        value = subject.value(node.condition)
        if not isinstance(value, int) or value <= 0:
            return
        for inside in below(node.body):
            key = called(subject, inside) if isinstance(inside, RouteCall) else None
            if (isinstance(inside, Leave) and _leaves(inside, node, subject)) or (
                isinstance(inside, RouteCall) and (key is None or subject.once(exits).may(key))
            ):
                return
        limit = subject.program.settings.integer("max_while_loops", 100)
        yield Found(node.condition.span, f"nothing ends this loop: Kamailio stops it after {limit} rounds with an error")


def _leaves(leave: Leave, loop: While, subject: Subject) -> bool:
    """Whether a leave ends a loop: not a break that a switch or another loop takes."""
    if leave.how != "break":
        return True
    return next((around for around in subject.tree.ancestors(leave) if isinstance(around, While | Switch)), None) is loop
