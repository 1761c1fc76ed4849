"""PV010."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.constants import is_null
from sroute.syntax.nodes import Binary, Variable

NEVER_NULL = frozenset(["var", "vz", "shv"])


class VarComparedWithNull(NodeRule[Binary]):
    """`$var` is compared with `$null`, which it never is.

    A `$var` that was not set is 0, and `$var(x) = $null` makes it 0. Use `$vn`, `$avp` or `$xavp` for what may be missing, or
    compare with 0.
    """

    code = "PV010"
    nodes = (Binary,)
    bad = (
        Bad("if ($var(x) == $null) { exit; }", ("$var(x) == $null",), "if ($var(x) == 0) { exit; }"),
        Bad("if ($var(x) != $null) { exit; }", ("$var(x) != $null",), "if ($var(x) != 0) { exit; }"),
    )
    good = ("if ($vn(x) == $null) { exit; }", "if ($var(x) == 0) { exit; }", "if ($(var(x){s.select,1,;}) == $null) { exit; }")

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A comparison with null whose left side can't be null."""
        left = node.left
        if node.op not in ("==", "!=", "eq", "ne") or not is_null(node.right) or not isinstance(left, Variable):
            return
        if left.spec.name in NEVER_NULL and not left.spec.transformations:
            verdict = "never true" if node.op in ("==", "eq") else "always true"
            edits = [Edit(node.right.span, "0")]
            if node.op in ("eq", "ne"):
                edits.append(Edit(node.op_span, "==" if node.op == "eq" else "!="))
            fix = Fix("compare with 0", tuple(edits)) if node.right.span.text() == "$null" else None
            yield Found(node.span, f"this is {verdict}: ${left.spec.name} is 0 when it was not set", "use $vn, or compare with 0", fix)
