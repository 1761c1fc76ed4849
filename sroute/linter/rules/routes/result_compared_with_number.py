"""RT027."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Binary, Block, BlockExpression, Call, CoreCall, Expression, If, RouteCall

COMPARES = frozenset(["==", "!=", "<", "<=", ">", ">=", "eq", "ne"])
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class ResultComparedWithNumber(NodeRule[Binary]):
    """The result of a call is compared with a number that it can't be.

    In an expression a call gives 1 (true) or 0 (false) and nothing else, so `f() == 5`, `f() == -1` and `f() < 0` never hold. Make
    the call first and look at `$rc`.
    """

    code = "RT027"
    nodes = (Binary,)
    bad = (
        Bad(
            'if (ds_select_dst("1", "4") == -1) { exit; }',
            ('ds_select_dst("1", "4") == -1',),
            'ds_select_dst("1", "4");\nif ($rc == -1) { exit; }',
        ),
        Bad("route[A] { return 5; }\nrequest_route { if (route(A) == 5) { exit; } }", ("route(A) == 5",)),
    )
    good = (
        'ds_select_dst("1", "4");\nif ($rc == -1) { exit; }',
        'if (ds_select_dst("1", "4")) { exit; }',
        'if (is_method("INVITE") == 1) { exit; }',
    )

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A comparison of a call with a constant whose result is the same for true and false."""
        if node.op not in COMPARES or subject.program.settings.integer("return_mode", 0) == 1:
            return
        for call, other in ((node.left, node.right), (node.right, node.left)):
            value = subject.value(other)
            if isinstance(call, Call | CoreCall | RouteCall) and isinstance(value, int) and not _useful(node, call, value):
                yield Found(node.span, _text(node, call, value), "call it first, then look at $rc", _fix(node, call, subject))
                return


def _holds(node: Binary, call: Expression, result: int, value: int) -> bool:
    left, right = (result, value) if call is node.left else (value, result)
    outcomes = {"==": left == right, "!=": left != right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return outcomes[{"eq": "==", "ne": "!="}.get(node.op, node.op)]


def _useful(node: Binary, call: Expression, value: int) -> bool:
    return _holds(node, call, 1, value) != _holds(node, call, 0, value)


def _text(node: Binary, call: Expression, value: int) -> str:
    name = "route()" if isinstance(call, RouteCall) else f"{call.name}()" if isinstance(call, Call | CoreCall) else "the call"
    verdict = "always true" if _holds(node, call, 1, value) else "never true"
    return f"this is {verdict}: in an expression {name} gives 1 or 0, not its return code"


def _fix(node: Binary, call: Expression, subject: Subject) -> Fix | None:
    """Where the comparison is the whole condition of an if that stands in a block, the call goes before it."""
    around = subject.tree.parent(node)
    if not isinstance(around, If) or around.condition is not node:
        return None
    block = subject.tree.parent(around)
    if not isinstance(block, Block) or not block.braces or isinstance(subject.tree.parent(block), BlockExpression):
        return None
    text = call.span.text()
    if not text.endswith(")"):
        return None
    start = Span(around.span.source, around.span.start, around.span.start)
    line = around.span.source.line(around.span.line)
    indent = line[: len(line) - len(line.lstrip())] if line[: around.span.begin.column - 1].strip() == "" else ""
    return Fix("call it first, then look at $rc", (Edit(start, f"{text};\n{indent}"), Edit(call.span, "$rc")))
