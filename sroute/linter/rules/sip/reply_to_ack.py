"""SB003."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class ReplyToAck(ScriptRule):
    """An ACK is answered.

    There are no replies to ACK: the function does nothing and returns -1.
    """

    code = "SB003"
    bad = (Bad('if (is_method("ACK")) { sl_send_reply("404", "No"); exit; }', ('sl_send_reply("404", "No")',)),)
    good = ('if (is_method("ACK")) { exit; }\nsl_send_reply("404", "No");', 'if (!is_method("ACK")) { sl_send_reply("404", "No"); }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Replies that are reached only where the method is ACK."""
        others = {id(node) for node, _, _ in subject.once(followed).of(Fates.REPLY)}
        for node, span, _ in subject.once(followed).of(Fates.REPLY_TO_ACK):
            if id(node) in others:
                continue
            yield Found(span, "only an ACK comes here, and an ACK has no reply: this does nothing")
