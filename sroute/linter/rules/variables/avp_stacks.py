"""PV013."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.constants import is_null
from sroute.syntax.nodes import Assign, While


class AvpStacks(NodeRule[Assign]):
    """An AVP is assigned in a loop, and each round adds a value.

    `$avp(x) = v` puts a value on top of those that are there. They all stay until the transaction ends. `$(avp(x)[*]) = v` replaces
    them.
    """

    code = "PV013"
    nodes = (Assign,)
    bad = (
        Bad(
            "while ($var(i) < 5) { $avp(last) = $var(i); $var(i) = $var(i) + 1; }",
            ("$avp(last)",),
            "while ($var(i) < 5) { $(avp(last)[*]) = $var(i); $var(i) = $var(i) + 1; }",
        ),
    )
    good = ("$avp(last) = 1;", "while ($var(i) < 5) { $(avp(last)[*]) = $var(i); $var(i) = $var(i) + 1; }")

    def check(self, node: Assign, subject: Subject) -> Iterator[Found]:
        """An assignment without an index below a loop."""
        spec = node.target.spec
        if spec.name != "avp" or spec.index is not None or is_null(node.value) or subject.once(_popped) & {spec.text}:
            return
        if any(isinstance(around, While) for around in subject.tree.ancestors(node)):
            fix = Fix("replace all values", (Edit(node.target.span, f"$(avp({spec.inner})[*])"),))
            yield Found(node.target.span, "each round of the loop adds a value here", f"$(avp({spec.inner})[*]) = replaces them", fix)


def _popped(subject: Subject) -> frozenset[str]:
    """AVPs that are taken off again somewhere, or read by their index: they are meant as stacks."""
    found = {node.target.spec.text for node in subject.tree.each(Assign) if is_null(node.value)}
    found |= {f"$avp({use.pv.spec.inner})" for use in subject.uses if use.pv.variable.name == "avp" and use.pv.spec.index is not None}
    return frozenset(found)
