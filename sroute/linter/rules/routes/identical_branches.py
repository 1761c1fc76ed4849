"""RT024."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Block, If

_BLANKS = re.compile(r"\s+")


class IdenticalBranches(NodeRule[If]):
    """Both ways of an `if` do the same.

    The condition is not needed, or one of the blocks was copied and not changed.
    """

    code = "RT024"
    severity = "info"
    nodes = (If,)
    bad = (Bad('if (has_totag()) { xlog("a\\n"); exit; } else { xlog("a\\n"); exit; }', ('{ xlog("a\\n"); exit; }',)),)
    good = ('if (has_totag()) { xlog("a\\n"); } else { xlog("b\\n"); }',)

    def check(self, node: If, subject: Subject) -> Iterator[Found]:
        """An else block with the text of the first one."""
        if node.other is not None and _text(node.then) == _text(node.other):
            yield Found(node.other.span, "this block does the same as the one before else")


def _text(block: Block) -> str:
    return _BLANKS.sub(" ", block.span.text().strip("{} \t\r\n;"))
