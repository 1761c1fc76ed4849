"""SB002."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class TwoFinalReplies(ScriptRule):
    """A path sends two final replies.

    Stateless ones both go out; in a transaction the second fails with an error in the log. An `exit` behind the first is missing.
    """

    code = "SB002"
    bad = (Bad('if ($rU == $null) { sl_send_reply("484", "No"); }\nsl_send_reply("404", "Gone");', ('sl_send_reply("404", "Gone")',)),)
    good = (
        'if ($rU == $null) { sl_send_reply("484", "No"); exit; }\nsl_send_reply("404", "Gone");',
        "if (!t_relay()) { sl_reply_error(); }",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Final replies that another one comes before."""
        for _, span, line in subject.once(followed).once(Fates.TWO_REPLIES):
            yield Found(span, f"a final reply was sent on line {line} already", "exit behind the first one")
