"""HT023."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign


class EmptyIsNotDeleted(NodeRule[Assign]):
    """An item is set to the empty text.

    `= ""` keeps the key with an empty value; `= $null` deletes it.
    """

    code = "HT023"
    severity = "info"
    nodes = (Assign,)
    bad = (Bad('$sht(a=>x) = "";', ('""',), "$sht(a=>x) = $null;"),)
    good = ("$sht(a=>x) = $null;", '$sht(a=>x) = "no";')

    def check(self, node: Assign, subject: Subject) -> Iterator[Found]:
        """A constant empty text."""
        if node.target.spec.name == "sht" and subject.value(node.value) == "":
            fix = Fix("delete the item", (Edit(node.value.span, "$null"),)) if node.value.span.text() == '""' else None
            yield Found(node.value.span, "the key stays, with an empty value", "= $null deletes it", fix)
