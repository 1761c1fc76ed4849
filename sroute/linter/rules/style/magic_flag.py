"""ST007."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call, CoreCall

FUNCTIONS = frozenset(["setflag", "resetflag", "isflagset", "setbflag", "resetbflag", "isbflagset"])


class MagicFlag(NodeRule[Call | CoreCall]):
    """A flag is named by its number.

    Nobody remembers what flag 5 is for. Define a name: `#!define FLT_NATS 5`.
    """

    code = "ST007"
    severity = "info"
    nodes = (Call, CoreCall)
    bad = (Bad("setflag(5);", ("5",)),)
    good = ("#!define FLT_NATS 5\nsetflag(FLT_NATS);",)

    def check(self, node: Call | CoreCall, subject: Subject) -> Iterator[Found]:
        """A number that is written out."""
        if node.name in FUNCTIONS and node.args and node.args[0].span.text().strip('"').isdigit():
            yield Found(node.args[0].span, "this flag has no name", "#!define FLT_... a name for it")
