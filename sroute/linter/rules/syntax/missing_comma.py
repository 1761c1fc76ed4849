"""SY012."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.source.text import Span
from sroute.syntax.nodes import Call, Literal

_NAMED = re.compile(r'([A-Za-z_]\w*)([ \t]*)"')
"""The name of a define and a string."""
_TWO = re.compile(r'("[^"\\\n]*(?:\\.[^"\\\n]*)*")([ \t]*)"')


class MissingComma(NodeRule[Call]):
    """Two strings stand side by side in a call, without a comma.

    They are joined to one: `xlog("L_ERR" "text\\\\n")` has one parameter and prints `L_ERRtext`.
    """

    code = "SY012"
    nodes = (Call,)
    bad = (Bad('xlog("L_ERR" "text\\n");', ('"L_ERR" "text\\n"',), 'xlog("L_ERR", "text\\n");'),)
    good = ('xlog("L_ERR", "text\\n");', 'xlog("L_ERR", "a long text "\n    "on two lines\\n");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """Adjacent strings on one line of an argument."""
        for arg in node.args:
            place = _between(arg) if isinstance(arg, Literal) and isinstance(arg.value, str) else None
            if place is not None:
                fix = Fix("add a comma", (Edit(place, ", "),))
                yield Found(arg.span, "these strings are joined: there is no comma between them", "add a comma", fix)


def _between(arg: Literal) -> Span | None:
    """The place between two strings, or between a define and a string behind it."""
    match = _TWO.match(arg.span.text())
    if match is not None:
        return Span(arg.span.source, arg.span.start + match.end(1), arg.span.start + match.end(2))
    match = _NAMED.match(arg.span.source.text, arg.span.start)
    return Span(arg.span.source, match.end(1), match.end(2)) if match is not None and match.end(1) == arg.span.end else None
