"""PV005."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.constants import is_null
from sroute.resolve.shapes import words
from sroute.syntax.nodes import Assign

TEXTS = frozenset(words("ru rU rd du fu fU fd fn tu tU td tn fs br"))
KEPT = frozenset(words("ru rd br"))
"""Those that can't be removed."""


class WrongTypeAssigned(NodeRule[Assign]):
    """A part of the message is given a number or null.

    `$ru`, `$rU`, `$fu` and their like take texts. The statement fails with an error in the log, and the message stays as it was.
    (`$du = $null` and `$rU = $null` are fine.)
    """

    code = "PV005"
    stage = "run"
    nodes = (Assign,)
    bad = (Bad("$ru = 5;", ("$ru = 5",)), Bad("$rd = $null;", ("$rd = $null",)))
    good = ('$ru = "sip:bob@example.com";', "$du = $null;", "$rU = $null;", "$rp = 5080;")

    def check(self, node: Assign, subject: Subject) -> Iterator[Found]:
        """Constants of the wrong type."""
        name = node.target.spec.name
        if name in TEXTS and isinstance(subject.value(node.value), int):
            yield Found(node.span, f"${name} takes a text: this fails, and nothing changes", "put it into quotes")
        elif name in KEPT and is_null(node.value):
            yield Found(node.span, f"${name} can't be removed: this fails, and nothing changes")
