"""ST012."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Block, If, Leave


class JoinableIf(NodeRule[If]):
    """Two conditions could be one.

    An `if` with nothing in it but another `if` is an `&&`; `if (x) { return 1; } else { return -1; }` can be said with one
    condition where the route is used.
    """

    code = "ST012"
    severity = "info"
    nodes = (If,)
    bad = (Bad('if (has_totag()) { if (is_method("ACK")) { exit; } }', ("if",)),)
    good = ('if (has_totag() && is_method("ACK")) { exit; }', 'if (has_totag()) { if (is_method("ACK")) { exit; } drop; }')

    def check(self, node: If, subject: Subject) -> Iterator[Found]:
        """An `if` without `else` whose block is one `if` without `else`, with nothing else in it, not even a comment."""
        inner = _only(node.then)
        if node.other is None and inner is not None and inner.other is None and node.then.braces:
            text = node.then.span.text()
            head = text[1 : max(1, inner.span.start - node.then.span.start)]
            if not head.strip() and "#" not in text[inner.span.end - node.then.span.start :]:
                word = node.span.source.text[node.span.start : node.span.start + 2]
                span = type(node.span)(node.span.source, node.span.start, node.span.start + 2) if word == "if" else node.span
                yield Found(span, "this and the if in it could be one", "join the conditions with &&")


def _only(block: Block) -> If | None:
    statements = [each for each in block.statements if not isinstance(each, Leave)]
    return statements[0] if len(block.statements) == 1 and isinstance(statements[0] if statements else None, If) else None  # type: ignore[return-value]
