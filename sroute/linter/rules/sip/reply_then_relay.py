"""SB001."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class ReplyThenRelay(ScriptRule):
    """A request is relayed after a final reply was sent.

    A reply does not end the script. Without `exit` behind it the path goes on, and the caller gets a refusal while the call goes
    through.
    """

    code = "SB001"
    bad = (Bad('if ($rU == "x") { sl_send_reply("403", "No"); }\nt_relay();', ("t_relay()",)),)
    good = ('if ($rU == "x") { sl_send_reply("403", "No"); exit; }\nt_relay();', 'sl_send_reply("100", "Trying");\nt_relay();')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Relays that a final reply comes before."""
        for _, span, line in subject.once(followed).once(Fates.REPLY_THEN_RELAY):
            yield Found(span, f"the request was answered on line {line} already, and is relayed now", "exit behind the reply")
