"""RT040."""

from collections.abc import Iterator

from sroute.linter.replies import FINAL, STATUS, asks_for_final
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.callgraph import key_of
from sroute.resolve.flow import Key
from sroute.syntax.nodes import Case, If, Leave, Route, Switch, Variable
from sroute.syntax.walk import Node


class DropOfFinalReply(NodeRule[Leave]):
    """`drop` in a named `onreply_route` does not stop a final reply.

    Only provisional replies are dropped there; a final one goes upstream. Use a `failure_route` to handle failures.
    """

    code = "RT040"
    nodes = (Leave,)
    bad = (Bad('request_route { t_on_reply("R"); t_relay(); }\nonreply_route[R] { if ($rs >= 400) drop; }', ("drop",)),)
    good = (
        'request_route { t_on_reply("R"); t_relay(); }\nonreply_route[R] { if ($rs == 183) drop; }',
        "reply_route { if ($rs >= 400) drop; }",
    )

    def check(self, node: Leave, subject: Subject) -> Iterator[Found]:
        """A drop that is guarded by a test for a final code."""
        route = subject.tree.route(node)
        if node.how != "drop" or route is None or key_of(route) not in subject.once(_named):
            return
        if any(_final(around, subject) for around in subject.tree.ancestors(node)):
            yield Found(node.span, "a final reply is not dropped here, it goes upstream", "handle it in a failure_route")


def _named(subject: Subject) -> frozenset[Key]:
    """The blocks that named reply routes enter."""
    return subject.graph.below(*(key_of(route) for route in subject.tree.each(Route) if route.kind == "onreply" and route.name))


def _final(around: Node, subject: Subject) -> bool:
    """Whether what stands around a node lets final replies through: a condition, or a label of a switch on the status."""
    if isinstance(around, If):
        return asks_for_final(around.condition, subject)
    switch = subject.tree.parent(around) if isinstance(around, Case) else None
    if not isinstance(around, Case) or not isinstance(switch, Switch) or not isinstance(switch.selector, Variable):
        return False
    code = subject.text(around.label) or ""
    return switch.selector.spec.name in STATUS and code.isdigit() and int(code[:9]) >= FINAL
