"""EX015."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary

_LOWER, _UPPER = re.compile(r"\[[^\]]*a-z[^\]]*\]"), re.compile(r"\[[^\]]*A-Z[^\]]*\]")


class CaseRules(NodeRule[Binary]):
    """A pattern looks as if `=~` told capitals from small letters.

    `=~` does not look at case: `[A-Z]` matches small letters, too. `==` does. Write `[A-Za-z]` so that nobody is misled.
    """

    code = "EX015"
    severity = "info"
    nodes = (Binary,)
    bad = (Bad('if ($rU =~ "^[A-Z]+$") { exit; }', ('"^[A-Z]+$"',)),)
    good = ('if ($rU =~ "^[A-Za-z]+$") { exit; }',)

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A class of letters of one case only."""
        pattern = subject.text(node.right) if node.op == "=~" else None
        if pattern and bool(_LOWER.search(pattern)) != bool(_UPPER.search(pattern)):
            yield Found(node.right.span, "=~ does not look at case: this matches letters of both", "write [A-Za-z]")
