"""ST002."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.spans import before
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call


class XlogWithoutLevel(NodeRule[Call]):
    """A log line has no level.

    It is written at level ERROR, so it can't be switched off, and looks like a fault.
    """

    code = "ST002"
    severity = "info"
    nodes = (Call,)
    bad = (Bad('xlog("hello\\n");', ("xlog",), 'xlog("L_INFO", "hello\\n");'),)
    good = ('xlog("L_INFO", "hello\\n");', 'xinfo("hello\\n");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """`xlog` with one argument."""
        if node.name in ("xlog", "xlogl") and len(node.args) == 1:
            fix = Fix("add L_INFO", (Edit(before(node.args[0].span), '"L_INFO", '),))
            yield Found(node.name_span, "this logs at level ERROR", "say the level", fix)
