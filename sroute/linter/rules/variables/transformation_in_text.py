"""PV025."""

import re
from collections.abc import Iterator

from sroute.exports.variable import Pv
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject, verbatim
from sroute.source.text import Span
from sroute.syntax.nodes import Call, Literal

_BEHIND = re.compile(r"\$[A-Za-z_]\w*(?:\([^()\s]*\))?(\{[a-z]+\.[\w.]+[^{}]*\}|\[(?:-?\d+|\*)\])")


class TransformationInText(NodeRule[Call]):
    """An index or a transformation in a quoted argument stands behind a variable without the outer parentheses.

    In code that is refused. In a quoted argument the variable ends before the brace, and the rest is text: `xlog("$rU{s.len}")`
    prints `alice{s.len}`. Write `$(rU{s.len})`.
    """

    code = "PV025"
    nodes = (Call,)
    bad = (
        Bad('xlog("L_INFO", "$rU{s.len}\\n");', ("$rU{s.len}",), 'xlog("L_INFO", "$(rU{s.len})\\n");'),
        Bad('append_hf("X-First: $hdr(Via)[0]\\r\\n");', ("$hdr(Via)[0]",), 'append_hf("X-First: $(hdr(Via)[0])\\r\\n");'),
    )
    good = ('xlog("L_INFO", "$(rU{s.len})\\n");', 'xlog("L_INFO", "$rU [$si]\\n");', 'xlog("L_INFO", "{$rU}\\n");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """The texts of arguments that a function expands."""
        for arg in node.args:
            text = arg.value if isinstance(arg, Literal) else None
            if not isinstance(text, str) or "$" not in text or not any(isinstance(piece, Pv) for piece in subject.pieces(text)):
                continue
            for match in _BEHIND.finditer(text):
                whole = match[0]
                span = _place(arg, whole)
                meant = f"$({whole[1:]})"
                fix = Fix("put it into $(...)", (Edit(span, meant),)) if span is not arg.span else None
                yield Found(span, f"{match[1]} is text here: the variable ends before it", f"write {meant}", fix)


def _place(arg: object, part: str) -> Span:
    """Where a part of a string stands in the file; the whole string where that is not certain."""
    assert isinstance(arg, Literal)
    written = arg.span.text()
    if not verbatim(arg) or written.count(part) != 1:
        return arg.span
    at = arg.span.start + written.index(part)
    return Span(arg.span.source, at, at + len(part))
