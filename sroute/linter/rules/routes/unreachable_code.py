"""RT011."""

from collections.abc import Iterator

from sroute.linter.endings import leaves_block
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.spans import closed, whole_lines, with_semicolon
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Block, Case, Empty, Leave, Statement


class UnreachableCode(NodeRule[Block | Case]):
    """Statements stand behind one that ends the block.

    What follows `exit`, `drop`, `return` or `break` in the same block never runs. A closing `return` or `exit` behind another one
    does no harm and is not reported, nor is what a directive separates.
    """

    code = "RT011"
    nodes = (Block, Case)
    bad = (
        Bad('exit;\nxlog("never\\n");', ('xlog("never\\n")',), "exit;\n"),
        Bad('if (has_totag()) { exit; } else { drop; }\nsetflag(1);\nxlog("a\\n");', ('setflag(1);\nxlog("a\\n")',)),
    )
    good = ('xlog("a\\n");\nexit;', "exit;\nreturn;", 'if (has_totag()) exit;\nxlog("a\\n");')

    def check(self, node: Block | Case, subject: Subject) -> Iterator[Found]:
        """The statements behind one that leaves, if they do something."""
        statements = node.statements if isinstance(node, Block) else node.body
        for number, statement in enumerate(statements):
            rest = statements[number + 1 :]
            if leaves_block(statement) and any(not isinstance(each, Leave | Empty) for each in rest):
                if "\n#!" in statement.span.to(rest[0].span).text():
                    return
                span = rest[0].span.to(closed(rest[-1].span))
                yield Found(span, "this is never reached", None, _fix(statement, rest, span))
                return


def _fix(before: Statement, rest: tuple[Statement, ...], span: Span) -> Fix | None:
    if not isinstance(before, Leave) or (span.end <= rest[0].span.end and len(rest) > 1):
        return None
    return Fix("remove what is never reached", (Edit(whole_lines(with_semicolon(span)), ""),), safe=True)
