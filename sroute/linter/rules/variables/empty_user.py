"""PV017."""

import re
from collections.abc import Iterator

from sroute.linter.knowledge import USERS
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject, quoted, verbatim
from sroute.syntax.nodes import Binary, Literal, Variable

_EMPTY = re.compile(r"\^(?:\[[^\]]+\]|\\w|\(\[[^\]]+\]\))\*\$\Z")


class EmptyUser(NodeRule[Binary]):
    """A pattern for a user also matches the empty text.

    `$rU` is null for `sip:host`, and null is an empty text for `=~`: `^[0-9]*$` is true then. Write `+` instead of `*`.
    """

    code = "PV017"
    nodes = (Binary,)
    bad = (Bad('if ($rU =~ "^[0-9]*$") { exit; }', ('"^[0-9]*$"',), 'if ($rU =~ "^[0-9]+$") { exit; }'),)
    good = ('if ($rU =~ "^[0-9]+$") { exit; }', 'if ($rU =~ "^00.*$") { exit; }')

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A single class with a star, anchored at both ends."""
        pattern = subject.text(node.right) if node.op == "=~" else None
        if pattern and isinstance(node.left, Variable) and node.left.spec.name in USERS and _EMPTY.match(pattern):
            literal = node.right if isinstance(node.right, Literal) and verbatim(node.right) else None
            changed = pattern.replace("*", "+")
            fix = Fix("write +", (Edit(literal.span, quoted(changed)),)) if literal and "\\" not in pattern else None
            text = f"this is also true when {node.left.spec.text} is null or empty"
            yield Found(node.right.span, text, f"write {changed}", fix)
