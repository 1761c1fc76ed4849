"""MD024."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call

FUNCTIONS = frozenset(["setbflag", "resetbflag", "isbflagset", "setsflag", "resetsflag", "issflagset"])


class BranchFlagOutOfRange(NodeRule[Call]):
    """A branch flag or script flag has a number that is too high.

    There are flags 0 to 31. Beyond that the function fails, quietly.
    """

    code = "MD024"
    nodes = (Call,)
    bad = (Bad('setbflag("32");', ('"32"',)),)
    good = ('setbflag("31");',)

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """A constant number over 31."""
        text = subject.argument(node, 0) if node.name in FUNCTIONS else None
        if text is not None and text.isdigit() and not 0 <= int(text[:9]) <= 31:
            yield Found(node.args[0].span, f"there is no flag {text}: {node.name}() fails", "use 0 to 31")
