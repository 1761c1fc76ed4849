"""SB018."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call

WRITERS = frozenset(["append_hf", "insert_hf", "append_to_reply"])
_NAMED = re.compile(r"[A-Za-z0-9!%*_+`'~.-]+[ \t]*:")


class HeaderName(NodeRule[Call]):
    """A header is added that has no colon, or an impossible name.

    The text is put into the message as it is. Receivers take such a line for part of the header above, or refuse the message.
    """

    code = "SB018"
    nodes = (Call,)
    bad = (
        Bad('append_hf("X-Hop 1\\r\\n");', ('"X-Hop 1\\r\\n"',)),
        Bad('append_hf("X Hop: 1\\r\\n");', ('"X Hop: 1\\r\\n"',)),
    )
    good = ('append_hf("X-Hop: 1\\r\\n");', 'append_hf("$var(name): 1\\r\\n");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """The constant beginning of the text."""
        text = subject.argument(node, 0) if node.name in WRITERS else None
        begin = subject.pieces(text)[0] if text else None
        if isinstance(begin, str) and not _NAMED.match(begin) and (":" in begin or begin == text):
            yield Found(node.args[0].span, "this is no header: a name and a colon come first", "Name: value\\r\\n")
