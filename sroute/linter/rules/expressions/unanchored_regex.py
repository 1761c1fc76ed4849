"""EX013."""

import re
from collections.abc import Iterator

from sroute.linter.knowledge import DOMAINS, USERS
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject, quoted, verbatim
from sroute.syntax.nodes import Binary, Literal, Variable

_PLAIN = re.compile(r"(?:[0-9]{2,}|(?:[A-Za-z0-9-]+\\?\.)+[A-Za-z]{2,})(?:\|(?:[0-9]{2,}|(?:[A-Za-z0-9-]+\\?\.)+[A-Za-z]{2,}))*\Z")


class UnanchoredRegex(NodeRule[Binary]):
    """A number or a domain is matched anywhere in the text.

    `$rU =~ "911"` is also true for `4991199`, and `$rd =~ "example.com"` for `exampleXcom.evil.org`. Compare with `==`, or write
    the pattern with `^` and `$` and with `\\\\.` for a dot.
    """

    code = "EX013"
    nodes = (Binary,)
    bad = (
        Bad('if ($rU =~ "911") { exit; }', ('"911"',), 'if ($rU =~ "^(911)$") { exit; }'),
        Bad('if ($rd =~ "example.com") { exit; }', ('"example.com"',), 'if ($rd =~ "^(example\\\\.com)$") { exit; }'),
    )
    good = ('if ($rU =~ "^911$") { exit; }', 'if ($rU =~ "^00") { exit; }', 'if ($ua =~ "friendly|scanner") { exit; }')

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A plain number or name as the pattern for a user or a domain."""
        left = node.left
        if node.op != "=~" or not isinstance(left, Variable) or left.spec.name not in USERS | DOMAINS:
            return
        pattern = subject.text(node.right)
        if pattern and _PLAIN.match(pattern):
            text = f"this matches anywhere in {left.spec.text}, not only the whole of it"
            yield Found(node.right.span, text, "anchor it with ^ and $, or compare with ==", _fix(node.right, pattern))


def _fix(node: object, pattern: str) -> Fix | None:
    if not isinstance(node, Literal) or not verbatim(node):
        return None
    escaped = re.sub(r"(?<!\\)\.", r"\\.", pattern)
    return Fix("match the whole text", (Edit(node.span, quoted(f"^({escaped})$")),))
