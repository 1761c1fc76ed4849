"""HT012."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject, verbatim
from sroute.syntax.nodes import Assign, Binary, Literal, Variable

_NUMBER = re.compile(r"-?[0-9]+\Z")


class StringStoredThenCounted(ScriptRule):
    """A number is stored as text and then counted.

    `"5" + 1` is the text `51`, so the counter grows by a digit each time. Store the number without quotes.
    """

    code = "HT012"
    bad = (
        Bad(
            '$sht(a=>n) = "5";\n$sht(a=>n) = $sht(a=>n) + 1;',
            ('"5"',),
            "$sht(a=>n) = 5;\n$sht(a=>n) = $sht(a=>n) + 1;",
        ),
    )
    good = ("$sht(a=>n) = 5;\n$sht(a=>n) = $sht(a=>n) + 1;", '$sht(a=>n) = "5";\nif ($sht(a=>n) == "5") { exit; }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Constant numbers in quotes, for an item that is added to somewhere."""
        sums = _sums(subject)
        for node in subject.tree.each(Assign):
            value = node.value
            if node.target.spec.text in sums and isinstance(value, Literal) and isinstance(value.value, str) and _NUMBER.match(value.value):
                fix = Fix("remove the quotes", (Edit(value.span, value.value),)) if verbatim(value) else None
                yield Found(value.span, f"this is text, and {node.target.spec.text} is counted elsewhere", "store it without quotes", fix)


def _sums(subject: Subject) -> frozenset[str]:
    """Variables that a number is added to somewhere."""
    found = set()
    for node in subject.tree.each(Binary):
        if node.op in ("+", "-") and isinstance(node.left, Variable) and isinstance(subject.value(node.right), int):
            found.add(node.left.spec.text)
    for use in subject.uses:
        if use.pv.variable.name in ("shtinc", "shtdec"):
            found.add(f"$sht({use.pv.spec.inner})")
    return frozenset(found)
