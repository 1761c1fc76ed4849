"""PV013."""

from collections.abc import Iterator

from sroute.linter.endings import called
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.callgraph import key_of
from sroute.resolve.constants import is_null
from sroute.resolve.flow import Key
from sroute.syntax.nodes import Assign, RouteCall, While
from sroute.syntax.walk import below


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
        if (
            spec.name != "avp"
            or "$" in (spec.inner or "")
            or spec.index is not None
            or is_null(node.value)
            or subject.once(_popped) & {spec.text}
        ):
            return
        if any(isinstance(around, While) for around in subject.tree.ancestors(node)) or _runs_again(node, subject):
            fix = Fix("replace all values", (Edit(node.target.span, f"$(avp({spec.inner})[*])"),))
            yield Found(node.target.span, "each round of the loop adds a value here", f"$(avp({spec.inner})[*]) = replaces them", fix)


def _runs_again(node: Assign, subject: Subject) -> bool:
    """Whether the block of a node is called from a loop, or below one that is."""
    route = subject.tree.route(node)
    return route is not None and key_of(route) in subject.once(_in_loops)


def _in_loops(subject: Subject) -> frozenset[Key]:
    """The blocks that loops call, directly or not."""
    calls = (inner for loop in subject.tree.each(While) for inner in below(loop.body) if isinstance(inner, RouteCall))
    return subject.graph.below(*(key for key in (called(subject, call) for call in calls) if key is not None))


def _popped(subject: Subject) -> frozenset[str]:
    """AVPs that are taken off again somewhere, or read by their index: they are meant as stacks."""
    found = {node.target.spec.text for node in subject.tree.each(Assign) if is_null(node.value)}
    found |= {f"$avp({use.pv.spec.inner})" for use in subject.uses if use.pv.variable.name == "avp" and use.pv.spec.index is not None}
    return frozenset(found)
