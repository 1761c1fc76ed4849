"""PV020."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign

_URI = re.compile(r"(?:sips?|tels?|urn):.", re.IGNORECASE)


class InvalidUriConstant(NodeRule[Assign]):
    """A text that is no URI is assigned to a URI.

    It is accepted. From then on `$rU`, `$rd` and all other parts are null, and nothing can be relayed.
    """

    code = "PV020"
    stage = "run"
    nodes = (Assign,)
    bad = (Bad('$ru = "bob@example.com";', ('"bob@example.com"',)), Bad('$du = "10.0.0.1:5060";', ('"10.0.0.1:5060"',)))
    good = ('$ru = "sip:bob@example.com";', '$ru = "sip:" + $rU + "@example.com";', "$du = $null;")

    def check(self, node: Assign, subject: Subject) -> Iterator[Found]:
        """A constant without a scheme."""
        value = subject.value(node.value)
        if node.target.spec.name in ("ru", "du", "fu", "tu") and isinstance(value, str) and value and not _URI.match(value):
            yield Found(node.value.span, f"this is no URI: ${node.target.spec.name} can't be used after it", "begin it with sip:")
