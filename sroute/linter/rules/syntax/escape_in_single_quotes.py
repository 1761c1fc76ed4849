"""SY026."""

import re
from collections.abc import Iterator

from sroute.linter.directives import written
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call, Literal

_ESCAPE = re.compile(r"\\[nrt]")


class EscapeInSingleQuotes(NodeRule[Literal]):
    """An escape stands in single quotes, where it means nothing.

    In `'...'` a backslash is a backslash: `'text\\\\n'` ends with the two characters `\\\\` and `n`. Use double quotes.
    """

    code = "SY026"
    nodes = (Literal,)
    bad = (Bad("xlog('$rm\\n');", ("'$rm\\n'",), 'xlog("$rm\\n");'),)
    good = ('xlog("$rm\\n");', "$var(x) = 'plain';", "if ($rU =~ '^[0-9]+\\.$') { exit; }")

    def check(self, node: Literal, subject: Subject) -> Iterator[Found]:
        """`\\\\n`, `\\\\r` or `\\\\t` in the argument of a function or in a value that is assigned."""
        place = written(subject, node.span) if isinstance(node.value, str) else node.span
        text = place.text() if isinstance(node.value, str) else ""
        if text[:1] != "'" or not _ESCAPE.search(text) or not isinstance(subject.tree.parent(node), Call):
            return
        fix = Fix("use double quotes", (Edit(place, f'"{text[1:-1]}"'),), safe=True) if '"' not in text else None
        yield Found(node.span, "in single quotes a backslash is just a backslash", "use double quotes", fix)
