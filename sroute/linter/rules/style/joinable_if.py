"""ST012."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Block, If, Leave, Route


class JoinableIf(NodeRule[If]):
    """Two conditions could be one.

    An `if` with nothing in it but another `if` is an `&&`; `if (x) { return 1; } else { return -1; }` can be said with one
    condition where the route is used.
    """

    code = "ST012"
    severity = "info"
    nodes = (If,)
    bad = (
        Bad('if (has_totag()) { if (is_method("ACK")) { exit; } }', ("if",)),
        Bad("request_route { if (route(A)) exit; }\nroute[A] { if (has_totag()) { return 1; } else { return -1; } }", ("if",)),
    )
    good = ('if (has_totag() && is_method("ACK")) { exit; }', 'if (has_totag()) { if (is_method("ACK")) { exit; } drop; }')

    def check(self, node: If, subject: Subject) -> Iterator[Found]:
        """An `if` without `else` whose block is one `if` without `else`, with nothing else in it, not even a comment."""
        if _says_no_more(node, subject):
            yield Found(_word(node), "this returns what the condition says", "use the condition where the block is called")
        inner = _only(node.then)
        if node.other is None and inner is not None and inner.other is None and node.then.braces:
            text = node.then.span.text()
            head = text[1 : max(1, inner.span.start - node.then.span.start)]
            if not head.strip() and "#" not in text[inner.span.end - node.then.span.start :]:
                yield Found(_word(node), "this and the if in it could be one", "join the conditions with &&")


def _only(block: Block) -> If | None:
    statements = [each for each in block.statements if not isinstance(each, Leave)]
    return statements[0] if len(block.statements) == 1 and isinstance(statements[0] if statements else None, If) else None  # type: ignore[return-value]


def _word(node: If) -> Span:
    """The word with which it begins."""
    span = Span(node.span.source, node.span.start, node.span.start + 2)
    return span if span.text() == "if" else node.span


def _says_no_more(node: If, subject: Subject) -> bool:
    """Whether a block is nothing but `if (x) { return 1; } else { return -1; }`."""
    around = subject.tree.parent(node)
    whole = isinstance(around, Block) and len(around.statements) == 1 and isinstance(subject.tree.parent(around), Route)
    codes = [_code(node.then, subject), _code(node.other, subject)] if node.other is not None else []
    return whole and sorted(code for code in codes if code is not None) == [-1, 1]


def _code(block: Block, subject: Subject) -> int | None:
    only = block.statements[0] if len(block.statements) == 1 else None
    value = subject.value(only.value) if isinstance(only, Leave) and only.how == "return" and only.value is not None else None
    return value if isinstance(value, int) else None
