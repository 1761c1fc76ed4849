"""RT023."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import If


class RepeatedCondition(NodeRule[If]):
    """A condition stands twice in a chain of `else if`.

    The second block is never reached: when the condition is true, the first one was taken.
    """

    code = "RT023"
    nodes = (If,)
    bad = (Bad('if ($rU == "a") { exit; } else if ($rU == "b") { drop; } else if ($rU == "a") { return; }', ('$rU == "a"',)),)
    good = ('if ($rU == "a") { exit; } else if ($rU == "b") { drop; }', 'if (lookup("a")) { exit; } else if (lookup("a")) { drop; }')

    def check(self, node: If, subject: Subject) -> Iterator[Found]:
        """Equal conditions, from the head of a chain."""
        around = subject.tree.parent(node)
        if around is not None and _next(subject.tree.parent(around)) is node:
            return
        seen: dict[object, int] = {}
        link: If | None = node
        while link is not None:
            shape = subject.shapes.of(link.condition)
            if shape is not None and shape in seen:
                yield Found(link.condition.span, f"this was asked on line {seen[shape]} already, so this block is never reached")
            elif shape is not None:
                seen[shape] = link.condition.span.line
            link = _next(link)


def _next(node: object) -> If | None:
    """The `else if` of an if."""
    if not isinstance(node, If) or node.other is None or node.other.braces or len(node.other.statements) != 1:
        return None
    inner = node.other.statements[0]
    return inner if isinstance(inner, If) else None
