"""PV026."""

import re
from collections.abc import Iterator

from sroute.exports.variable import Pv
from sroute.linter.rule import Bad, Found, NodeRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call

REPLIES = frozenset(["sl_send_reply", "sl_reply", "send_reply", "send_reply_mode"])
_NAMED = re.compile(r"\$[A-Za-z_(]")


class ReasonNotExpanded(NodeRule[Call]):
    """The reason of a reply begins with a variable, and one in it is known to nobody.

    Elsewhere that is refused at the start. A text of sl that begins with `$` is not: the reply goes out with the reason "Internal
    Server Error", whatever its code is.
    """

    code = "PV026"
    nodes = (Call,)
    bad = (Bad('sl_send_reply("404", "$usr is not here");', ('"$usr is not here"',)),)
    good = ('sl_send_reply("404", "$rU is not here");', 'sl_send_reply("404", "costs $$");')

    def check(self, node: Call, subject: Subject) -> Iterator[Found]:
        """A reason with a variable in it that can't be expanded."""
        text = subject.program.constants.of(node.args[1]) if node.name in REPLIES and len(node.args) > 1 else None
        if not isinstance(text, str) or not _NAMED.search(text.replace("$$", "")):
            return
        if not any(isinstance(piece, Pv) for piece in subject.pieces(text)):
            yield Found(node.args[1].span, 'this can\'t be expanded: the reply says "Internal Server Error"')
