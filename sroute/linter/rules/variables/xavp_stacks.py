"""PV014."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign, Block

CLASSES = frozenset(["xavp", "xavi"])


class XavpStacks(NodeRule[Block]):
    """Fields of one XAVP are assigned without an index, and each makes a new one.

    `$xavp(x=>a) = 1; $xavp(x=>b) = 2;` makes two lists called x: the newest has b alone, and `$xavp(x=>a)` is null. Write
    `$xavp(x[0]=>b) = 2` for the second.
    """

    code = "PV014"
    nodes = (Block,)
    bad = (Bad("$xavp(x=>a) = 1;\n$xavp(x=>b) = 2;", ("$xavp(x=>b)",), "$xavp(x=>a) = 1;\n$xavp(x[0]=>b) = 2;"),)
    good = ("$xavp(x=>a) = 1;\n$xavp(x[0]=>b) = 2;", "$xavp(x=>a) = 1;\n$xavp(y=>b) = 2;", "$xavu(x=>a) = 1;\n$xavu(x=>b) = 2;")

    def check(self, node: Block, subject: Subject) -> Iterator[Found]:
        """A second field of a root in the same block."""
        seen: dict[tuple[str, str], set[str]] = {}
        for statement in node.statements:
            if not isinstance(statement, Assign) or statement.target.spec.name not in CLASSES:
                continue
            root, arrow, field = (statement.target.spec.inner or "").partition("=>")
            fields = seen.setdefault((statement.target.spec.name, root), set())
            if not arrow or "[" in root or "$" in root:
                continue
            if fields and field not in fields:
                name = statement.target.spec.name
                written = f"${name}({root}[0]=>{field})"
                fix = Fix("add to the newest", (Edit(statement.target.span, written),))
                yield Found(statement.target.span, f"this makes a second {root}, with {field} alone", f"write {written}", fix)
            fields.add(field)
