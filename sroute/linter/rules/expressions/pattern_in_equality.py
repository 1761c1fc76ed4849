"""EX014."""

import re
from collections.abc import Iterator

from sroute.linter.knowledge import ADDRESSES
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Literal, Variable

_NETWORK = re.compile(r"[0-9]+(?:\.[0-9]+){3}/[0-9]+\Z|[0-9a-fA-F:]+/[0-9]+\Z")
_WORDS = re.compile(r"[\w.+-]+(?:\|[\w.+-]+)+\Z")
_WILD = re.compile(r"\^.+|.+\.\*\Z|.*\[0-9\].*|\.\*.*")


class PatternInEquality(NodeRule[Binary]):
    """`==` compares with a pattern.

    `==` knows no alternatives, wildcards or networks: `$rm == "INVITE|BYE"` and `$si == "10.0.0.0/8"` are never true. Use
    `is_method()`, `=~`, or `src_ip == 10.0.0.0/8`.
    """

    code = "EX014"
    nodes = (Binary,)
    bad = (
        Bad('if ($rm == "INVITE|BYE") { exit; }', ('"INVITE|BYE"',), 'if ($rm =~ "^(INVITE|BYE)$") { exit; }'),
        Bad('if ($si == "10.0.0.0/8") { exit; }', ('"10.0.0.0/8"',)),
    )
    good = ('if ($rm =~ "^(INVITE|BYE)$") { exit; }', "if (src_ip == 10.0.0.0/8) { exit; }", 'if ($rU == "a*b") { exit; }')

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A constant that can only be meant as a pattern."""
        if node.op not in ("==", "!=", "eq", "ne") or not isinstance(node.left, Variable):
            return
        text = subject.value(node.right)
        if not isinstance(text, str):
            return
        if node.left.spec.name in ADDRESSES and _NETWORK.match(text):
            yield Found(node.right.span, "== compares with this text, not with a network", f"write src_ip {node.op} {text}")
        elif node.left.spec.name not in ("rb", "hdr") and (_WORDS.match(text) or _WILD.fullmatch(text)):
            yield Found(node.right.span, "== compares with this text as it is, not with a pattern", "use =~", _fix(node, text))


def _fix(node: Binary, text: str) -> Fix | None:
    if node.op != "==" or not _WORDS.match(text) or not isinstance(node.right, Literal):
        return None
    return Fix("match with =~", (Edit(node.op_span, "=~"), Edit(node.right.span, f'"^({text})$"')))
