"""RT021."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign, Binary, If, Leave, Literal, Variable, While
from sroute.syntax.walk import below


class LoopLimit(NodeRule[While]):
    """A loop counts further than Kamailio lets it.

    After `max_while_loops` (100) rounds a loop is cut off with an error, and the script goes on behind it.
    """

    code = "RT021"
    stage = "run"
    nodes = (While,)
    bad = (Bad("$var(i) = 0;\nwhile ($var(i) < 500) { $var(i) = $var(i) + 1; }", ("$var(i) < 500",)),)
    good = (
        "$var(i) = 0;\nwhile ($var(i) < 100) { $var(i) = $var(i) + 1; }",
        "$var(i) = 0;\nwhile ($var(i) < 500) { $var(i) = $var(i) + 10; }",
        '#!KAMAILIO\nmax_while_loops=1000\nloadmodule "pv.so"\nrequest_route { while ($var(i) < 500) { $var(i) = $var(i) + 1; } }',
    )

    def check(self, node: While, subject: Subject) -> Iterator[Found]:
        """A constant bound over the limit, for a variable that grows in small steps."""
        condition = node.condition
        if not isinstance(condition, Binary) or condition.op not in ("<", "<=", ">", ">=") or not isinstance(condition.left, Variable):
            return
        bound = subject.value(condition.right)
        limit = subject.program.settings.integer("max_while_loops", 100)
        step = _step(node, condition.left, subject)
        start = _start(node, condition.left, subject)
        if not isinstance(bound, int) or not step or (step > 0) != (condition.op[0] == "<") or _asks(node, condition.left, subject):
            return
        if (bound - start) // step > limit:
            text = f"this loop is cut off after {limit} rounds with an error"
            yield Found(condition.span, text, f"max_while_loops={(bound - start) // step + 1} would let it")


def _asks(node: While, variable: Variable, subject: Subject) -> bool:
    """Whether something leaves the body where the variable has some value."""
    for leave in below(node.body):
        for around in subject.tree.ancestors(leave) if isinstance(leave, Leave) else ():
            if isinstance(around, If) and variable.spec.text in around.condition.span.text():
                return True
    return False


def _step(node: While, variable: Variable, subject: Subject) -> int:
    """By how much (negative: less) the body adds to the variable; 0 when that is not clear."""
    steps = []
    for inside in below(node.body):
        if isinstance(inside, Assign) and inside.target.spec.text == variable.spec.text:
            value = inside.value
            added = subject.value(value.right) if isinstance(value, Binary) and value.op in ("+", "-") else None
            steps.append((added if value.op == "+" else -added) if isinstance(added, int) and isinstance(value, Binary) else 0)
    return steps[0] if len(steps) == 1 else 0


def _start(node: While, variable: Variable, subject: Subject) -> int:
    """The constant that the statements before the loop give to the variable, or 0."""
    around = subject.tree.parent(node)
    start = 0
    for statement in getattr(around, "statements", ()):
        if statement is node:
            break
        if isinstance(statement, Assign) and statement.target.spec.text == variable.spec.text and isinstance(statement.value, Literal):
            start = statement.value.value if isinstance(statement.value.value, int) else 0
    return start
