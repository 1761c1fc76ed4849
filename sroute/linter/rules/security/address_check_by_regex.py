"""SE010."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Variable

ADDRESSES = frozenset(["si", "Ri", "sas", "su", "siz"])
_DOT = re.compile(r"(?<![\\\[])\d\.\d|(?<!\\)\d\.$")


class AddressCheckByRegex(NodeRule[Binary]):
    """An address is matched with a loose pattern.

    `$si =~ "10.0"` is also true for `192.110.0.5` and `210.9.1.1`: the pattern has no `^`, and a dot fits every character. Compare
    networks with `src_ip == 10.0.0.0/16`.
    """

    code = "SE010"
    nodes = (Binary,)
    bad = (Bad('if ($si =~ "10.0") { exit; }', ('"10.0"',)), Bad('if ($si =~ "^10.0") { exit; }', ('"^10.0"',)))
    good = ("if (src_ip == 10.0.0.0/16) { exit; }", 'if ($si =~ "^10\\\\.0\\\\.") { exit; }')

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A constant pattern without an anchor, or with dots that stand for any character."""
        if node.op != "=~" or not isinstance(node.left, Variable) or node.left.spec.name not in ADDRESSES:
            return
        pattern = subject.text(node.right)
        if pattern and (not pattern.lstrip("(").startswith("^") or _DOT.search(pattern)):
            why = "a dot fits every character" if pattern.startswith("^") else "it matches anywhere in the address"
            yield Found(node.right.span, f"this pattern lets other addresses through: {why}", "compare with src_ip == NETWORK/BITS")
