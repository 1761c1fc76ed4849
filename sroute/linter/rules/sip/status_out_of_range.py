"""SB019."""

from collections.abc import Iterator

from sroute.linter.knowledge import FINAL
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call


class StatusOutOfRange(NodeRule[Call]):
    """A reply is sent with an impossible status.

    There are 100 to 699. `sl_send_reply("99", ...)` sends `SIP/2.0 099`, which no phone understands.
    """

    code = "SB019"
    nodes = (Call,)
    bad = (Bad('sl_send_reply("99", "x");', ('"99"',)),)
    good = ('sl_send_reply("404", "x");', 'sl_send_reply("$var(code)", "x");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """A constant status."""
        text = subject.argument(node, 0) if node.name in FINAL else None
        if text is not None and text.isdigit() and not 100 <= int(text[:9]) <= 699:
            yield Found(node.args[0].span, f"there is no status {text}", "use 100 to 699")
