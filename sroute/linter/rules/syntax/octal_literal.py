"""SY024."""

import re
from collections.abc import Iterator

from sroute.linter.directives import written
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Literal

_OCTAL = re.compile(r"0[0-7]+\Z")


class OctalLiteral(NodeRule[Literal]):
    """A number begins with 0, so it is octal.

    `010` is 8. (`08` is a syntax error.)
    """

    code = "SY024"
    nodes = (Literal,)
    bad = (Bad("$var(x) = 010;", ("010",), "$var(x) = 10;"),)
    good = ("$var(x) = 10;", "$var(x) = 0;", '$var(x) = "010";')

    def check(self, node: Literal, subject: Subject) -> Iterator[Found]:
        """Digits behind a leading zero."""
        place = written(subject, node.span) if isinstance(node.value, int) else node.span
        text = place.text() if isinstance(node.value, int) else ""
        if _OCTAL.match(text) and int(text) != node.value:
            fix = Fix("write it without the 0", (Edit(place, text.lstrip("0") or "0"),))
            yield Found(node.span, f"this is octal: {text} is {node.value}", "leave out the 0", fix)
