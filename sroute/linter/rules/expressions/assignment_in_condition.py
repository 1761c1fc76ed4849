"""EX001."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import AssignExpression


class AssignmentInCondition(NodeRule[AssignExpression]):
    """A condition assigns instead of comparing.

    `if ($var(x) = 1)` stores 1 and is always true, also with `= 0` and `= ""`: the value of an assignment is whether it worked.
    """

    code = "EX001"
    nodes = (AssignExpression,)
    bad = (
        Bad("if ($var(x) = 1) { exit; }", ("$var(x) = 1",), "if ($var(x) == 1) { exit; }"),
        Bad('if (is_method("ACK") && ($rU = "bob")) { exit; }', ('$rU = "bob"',), 'if (is_method("ACK") && ($rU == "bob")) { exit; }'),
    )
    good = ("if ($var(x) == 1) { exit; }", "$var(x) = 1;")

    def check(self, node: AssignExpression, subject: Subject) -> Iterator[Found]:
        """Any assignment where a value is wanted."""
        name = node.assign.target.spec.text
        text = f"this assigns {name}, and is true whatever the value is"
        yield Found(node.assign.span, text, "compare with ==", _fix(node))


def _fix(node: AssignExpression) -> Fix | None:
    target, value = node.assign.target.span, node.assign.value.span
    between = Span(target.source, target.end, value.start)
    if between.text().strip() != "=":
        return None
    return Fix("compare with ==", (Edit(between, between.text().replace("=", "==")),))
