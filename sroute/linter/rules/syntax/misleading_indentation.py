"""SY014."""

import itertools
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Block, Case, If, Statement, While


class MisleadingIndentation(NodeRule[Block | Case]):
    """A statement looks as if it belonged to an `if` and does not.

    Without braces only one statement belongs to an `if`, `else` or `while`. The next one is always run, however far it is indented.
    """

    code = "SY014"
    nodes = (Block, Case)
    bad = (Bad('if (has_totag())\n    setflag(1);\n    exit;\nxlog("L_INFO", "a\\n");', ("exit",)),)
    good = ("if (has_totag())\n    setflag(1);\nexit;", "if (has_totag()) {\n    setflag(1);\n    exit;\n}")

    def check(self, node: Block | Case, subject: Subject) -> Iterator[Found]:
        """A statement below an unbraced one, in the same column and deeper than the `if`."""
        statements = node.statements if isinstance(node, Block) else node.body
        for before, statement in itertools.pairwise(statements):
            inner = _unbraced(before)
            if inner is None or inner.span.source is not statement.span.source:
                continue
            outer, deep, next_one = before.span.begin, inner.span.begin, statement.span.begin
            if outer.line < deep.line < next_one.line and deep.column == next_one.column > outer.column:
                yield Found(statement.span, f"this does not belong to the {_word(before)} on line {outer.line}", "put braces around both")


def _unbraced(node: Statement) -> Statement | None:
    """The single statement at the end of an if or a loop without braces."""
    block = node.other or node.then if isinstance(node, If) else node.body if isinstance(node, While) else None
    if block is None or block.braces or len(block.statements) != 1:
        return None
    inner = block.statements[0]
    return _unbraced(inner) if isinstance(inner, If) else inner


def _word(node: Statement) -> str:
    return "while" if isinstance(node, While) else "if"
