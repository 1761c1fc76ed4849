"""HT013."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Assign, Literal


class ExpireNotInteger(NodeRule[Assign]):
    """A life time is given as text.

    `$shtex` takes a number of seconds. A text gives a life time that has nothing to do with it.
    """

    code = "HT013"
    nodes = (Assign,)
    bad = (Bad('$shtex(a=>x) = "5";', ('"5"',), "$shtex(a=>x) = 5;"),)
    good = ("$shtex(a=>x) = 5;",)

    def check(self, node: Assign, subject: Subject) -> Iterator[Found]:
        """A constant text."""
        value = subject.value(node.value)
        if node.target.spec.name == "shtex" and isinstance(value, str):
            plain = isinstance(node.value, Literal) and node.value.span.text() == f'"{value}"' and value.isdigit()
            fix = Fix("remove the quotes", (Edit(node.value.span, value),), safe=True) if plain else None
            yield Found(node.value.span, "$shtex takes a number: this gives a life time of no sense", "remove the quotes", fix)
