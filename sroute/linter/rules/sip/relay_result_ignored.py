"""SB006."""

from collections.abc import Iterator

from sroute.linter.knowledge import RELAYS
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Block, Call, CallStatement


class RelayResultIgnored(NodeRule[CallStatement]):
    """Nobody looks whether the relay worked.

    `t_relay()` fails when it can't send, for want of memory for example; the sender is not answered then. (A name that can't be
    resolved is answered by tm itself, with 478.) Write `if (!t_relay()) sl_reply_error();`.
    """

    code = "SB006"
    severity = "info"
    nodes = (CallStatement,)
    bad = (Bad("t_relay();", ("t_relay()",), "if (!t_relay()) sl_reply_error();"),)
    good = ("if (!t_relay()) sl_reply_error();",)

    def check(self, node: CallStatement, subject: Subject) -> Iterator[Found]:
        """A relay as a statement of its own in a request route."""
        route = subject.tree.route(node)
        if isinstance(node.call, Call) and node.call.name in RELAYS and route is not None and route.kind == "request":
            block = subject.tree.parent(node)
            alone = "sl" in subject.loaded and isinstance(block, Block) and block.braces and node.call.span.text().endswith(")")
            fix = (
                Fix("answer when it failed", (Edit(node.call.span, f"if (!{node.call.span.text()}) sl_reply_error()"),)) if alone else None
            )
            yield Found(node.call.span, "nobody looks whether this worked", "if (!t_relay()) sl_reply_error();", fix)
