"""RT040."""

from collections.abc import Iterator

from sroute.linter.replies import asks_for_final
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import If, Leave


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
        if node.how != "drop" or route is None or route.kind != "onreply" or route.name is None:
            return
        guards = [around.condition for around in subject.tree.ancestors(node) if isinstance(around, If)]
        if any(asks_for_final(guard, subject) for guard in guards):
            yield Found(node.span, "a final reply is not dropped here, it goes upstream", "handle it in a failure_route")
