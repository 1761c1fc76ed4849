"""SB023."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Block, Call, CallStatement, Case, Statement, Variable
from sroute.syntax.walk import below

FUNCTIONS = frozenset(
    ["lookup", "lookup_branches", "ds_select_dst", "ds_select_domain", "ds_next_dst", "alias_db_lookup", "reg_fetch_contacts"]
)


class LocationResultIgnored(NodeRule[CallStatement]):
    """Nobody looks whether a target was found.

    When `lookup()` or `ds_select_dst()` finds nothing, the R-URI stays as it is, and the request goes to where it came for: to this
    server again, mostly.
    """

    code = "SB023"
    nodes = (CallStatement,)
    bad = (Bad('lookup("location");\nt_relay();', ('lookup("location")',)),)
    good = ('if (!lookup("location")) { exit; }\nt_relay();', 'lookup("location");\nif ($rc < 0) { exit; }\nt_relay();')

    def check(self, node: CallStatement, subject: Subject) -> Iterator[Found]:
        """Such a call as a statement, and no `$rc` in the one behind it."""
        if not isinstance(node.call, Call) or node.call.name not in FUNCTIONS:
            return
        around = subject.tree.parent(node)
        statements = around.statements if isinstance(around, Block) else around.body if isinstance(around, Case) else ()
        if not _asked(statements, node):
            yield Found(node.call.span, f"nobody looks whether {node.call.name}() found anything", f"if (!{node.call.name}(...)) {{ ... }}")


def _asked(statements: tuple[Statement, ...], node: Statement) -> bool:
    """Whether the next statement reads the result, or the block ends here and its caller may."""
    at = next((number for number, each in enumerate(statements) if each is node), len(statements))
    if at + 1 >= len(statements):
        return True
    return any(isinstance(inner, Variable) and inner.spec.name in ("rc", "retcode", "?") for inner in below(statements[at + 1]))
