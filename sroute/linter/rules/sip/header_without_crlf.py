"""SB017."""

from collections.abc import Iterator

from sroute.exports.variable import Pv
from sroute.linter.rule import Bad, Edit, Fix, Found, NodeRule
from sroute.linter.subject import Subject, verbatim
from sroute.source.text import Span
from sroute.syntax.nodes import Call, Literal

WRITERS = frozenset(["append_hf", "insert_hf", "append_to_reply"])


class HeaderWithoutCrlf(NodeRule[Call]):
    """A header is added without the line end.

    The text is put into the message as it is. Without `\\r\\n` at its end the next header is glued to it, and both are lost.
    """

    code = "SB017"
    nodes = (Call,)
    bad = (
        Bad('append_hf("X-Hop: 1");', ('"X-Hop: 1"',), 'append_hf("X-Hop: 1\\r\\n");'),
        Bad('append_to_reply("Contact: $var(c)");', ('"Contact: $var(c)"',), 'append_to_reply("Contact: $var(c)\\r\\n");'),
    )
    good = ('append_hf("X-Hop: 1\\r\\n");', 'append_hf("$var(header)");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """The text of a header that is written out."""
        text = subject.argument(node, 0) if node.name in WRITERS else None
        if not text:
            return
        pieces = subject.pieces(text)
        last = pieces[-1]
        begins = isinstance(pieces[0], str) and ":" in pieces[0]
        if (isinstance(last, str) and last.endswith("\n")) or (isinstance(last, Pv) and not begins):
            return
        yield Found(node.args[0].span, "this header has no line end: the next one is glued to it", "end it with \\r\\n", _fix(node.args[0]))


def _fix(arg: object) -> Fix | None:
    if not isinstance(arg, Literal) or not verbatim(arg):
        return None
    end = arg.span.end - 1
    text = arg.span.text()[:-1]
    written = "\\n" if text.endswith("\\r") else "\\r\\n"
    return Fix("end the header with \\r\\n", (Edit(Span(arg.span.source, end, end), written),), safe=True)
