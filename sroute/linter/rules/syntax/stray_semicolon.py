"""SY008."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Block, Empty, If, Switch, While


class StraySemicolon(NodeRule[Block]):
    """A `;` stands behind a block.

    It is an empty statement and does nothing. Before an `else` it would be an error.
    """

    code = "SY008"
    severity = "info"
    nodes = (Block,)
    bad = (Bad("if (has_totag()) { exit; };", (";",), "if (has_totag()) { exit; }"),)
    good = ("if (has_totag()) { exit; }", "if (has_totag()) { ; }")

    def check(self, node: Block, subject: Subject) -> Iterator[Found]:
        """Empty statements behind a statement that ends with a brace."""
        for before, statement in zip(node.statements, node.statements[1:], strict=False):
            if isinstance(statement, Empty) and isinstance(before, If | While | Switch) and before.span.text().endswith("}"):
                if statement.span.text() == ";":
                    yield Found(statement.span, "this ; does nothing", None, Fix("remove it", (Edit(statement.span, ""),), safe=True))
