"""PV022."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.modules import declared
from sroute.modules.pv.selects import ROOTS
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Select

KNOWN = frozenset((*ROOTS, *declared.named("selects")))


class UnknownSelect(NodeRule[Select]):
    """A select begins with a name that nobody knows.

    Kamailio starts with a warning, and the value is empty.
    """

    code = "PV022"
    stage = "start warns"
    nodes = (Select,)
    bad = (Bad("$var(x) = @form.uri.user;", ("@form.uri.user",)),)
    good = ("$var(x) = @from.uri.user;",)

    def check(self, node: Select, subject: Subject) -> Iterator[Found]:
        """The first name of the path."""
        root = node.parts[0][0].lower() if node.parts else ""
        if root and root not in KNOWN:
            yield Found(node.span, f"no select begins with {root}", did_you_mean(root, KNOWN))
