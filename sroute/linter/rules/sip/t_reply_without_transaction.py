"""SB004."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call


class TReplyWithoutTransaction(ScriptRule):
    """`t_reply()` is called before there is a transaction.

    It fails with an error in the log, and nobody is answered. Call `t_newtran()` first, or use `sl_send_reply()`, or `send_reply()`
    of sl, which chooses.
    """

    code = "SB004"
    stage = "run"
    bad = (Bad('t_reply("404", "No");', ('t_reply("404", "No")',), 'send_reply("404", "No");'),)
    good = (
        't_newtran();\nt_reply("404", "No");',
        'request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { t_reply("480", "No"); }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Such replies in the main block or below it."""
        for node, span, _ in subject.once(followed).of(Fates.NO_TRANSACTION):
            assert isinstance(node, Call)
            fix = Fix("use send_reply()", (Edit(node.name_span, "send_reply"),)) if "sl" in subject.loaded else None
            yield Found(span, "there is no transaction yet: this fails", "call t_newtran() first, or use send_reply()", fix)
