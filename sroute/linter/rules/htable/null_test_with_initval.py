"""HT010."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.resolve.constants import is_null
from sroute.syntax.nodes import Binary, Variable


class NullTestWithInitval(NodeRule[Binary]):
    """An item is compared with `$null` in a table that has an initval.

    With `initval` a key that is not there reads as that value: it is never null. Compare with the initval, or ask `$shtex`.
    """

    code = "HT010"
    nodes = (Binary,)
    bad = (Bad("if ($sht(b=>x) == $null) { exit; }", ("$sht(b=>x) == $null",), "if ($sht(b=>x) == 0) { exit; }"),)
    good = ("if ($sht(a=>x) == $null) { exit; }", "if ($sht(b=>x) == 0) { exit; }")

    def check(self, node: Binary, subject: Subject) -> Iterator[Found]:
        """A comparison with null."""
        left = node.left
        if node.op in ("==", "!=") and is_null(node.right) and isinstance(left, Variable) and left.spec.name == "sht":
            if subject.initval(left.spec.inner or "") and not left.spec.transformations:
                table = subject.tables[(left.spec.inner or "").partition("=>")[0].strip()]
                fix = Fix("compare with the initval", (Edit(node.right.span, str(table.initval)),))
                text = f"this is never null: a missing key of {table.name} reads as {table.initval}"
                yield Found(node.span, text, f"compare with {table.initval}", fix)
