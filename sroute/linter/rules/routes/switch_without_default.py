"""RT018."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Switch


class SwitchWithoutDefault(NodeRule[Switch]):
    """A switch has no `default:`.

    A value that no label fits does nothing, silently. A `default:` shows that this was thought of.
    """

    code = "RT018"
    severity = "info"
    nodes = (Switch,)
    bad = (Bad("switch ($var(x)) { case 1: exit; }", ("switch",)),)
    good = ("switch ($var(x)) { case 1: exit; default: drop; }",)

    def check(self, node: Switch, subject: Subject) -> Iterator[Found]:
        """A switch whose labels are all values."""
        if node.cases and all(case.label is not None for case in node.cases):
            word = Span(node.span.source, node.span.start, node.span.start + len("switch"))
            yield Found(word if word.text() == "switch" else node.span, "this switch has no default:")
