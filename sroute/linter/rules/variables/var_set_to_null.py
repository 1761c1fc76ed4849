"""PV011."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.constants import is_null
from sroute.syntax.nodes import Assign


class VarSetToNull(NodeRule[Assign]):
    """`$var` is set to `$null`, which makes it 0.

    `$var` holds a number or a text and is never null, so a later test for null does not see this. Use `$vn`, or write what is
    meant: 0 or "".
    """

    code = "PV011"
    nodes = (Assign,)
    bad = (Bad("$var(x) = $null;", ("$var(x) = $null",), "$var(x) = 0;"),)
    good = ("$vn(x) = $null;", "$var(x) = 0;", "$avp(x) = $null;")

    def check(self, node: Assign, subject: Subject) -> Iterator[Found]:
        """Null assigned to a variable that can't hold it."""
        if node.target.spec.name == "var" and is_null(node.value):
            fix = Fix("write 0", (Edit(node.value.span, "0"),)) if node.value.span.text() == "$null" else None
            yield Found(node.span, f"{node.target.spec.text} becomes 0: $var is never null", "use $vn, or write 0", fix)
