"""SB005."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call


class StatelessReplyAfterTNewtran(ScriptRule):
    """A stateless reply is sent after `t_newtran()` has made a transaction.

    The reply goes past the transaction, which stays open until it times out and answers a second time. Use `t_reply()`.
    """

    code = "SB005"
    stage = "run"
    bad = (Bad('t_newtran();\nsl_send_reply("404", "No");', ('sl_send_reply("404", "No")',), 't_newtran();\nt_reply("404", "No");'),)
    good = ('t_newtran();\nt_reply("404", "No");', 'sl_send_reply("404", "No");')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Stateless replies behind a transaction of the script's own."""
        for node, span, line in subject.once(followed).once(Fates.STATELESS_IN_TRANSACTION):
            assert isinstance(node, Call)
            fix = Fix("use t_reply()", (Edit(node.name_span, "t_reply"),), safe=True)
            yield Found(span, f"line {line} has made a transaction, which this reply leaves open", "use t_reply()", fix)
