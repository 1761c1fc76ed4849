"""SB007."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class RelayTwice(ScriptRule):
    """A path relays a request twice.

    The second call fails with an error in the log: the request is on its way already.
    """

    code = "SB007"
    stage = "run"
    bad = (Bad('t_relay();\nxlog("L_INFO", "once\\n");\nt_relay();', ("t_relay()",)),)
    good = ("t_relay();\nexit;", 'if (!t_relay()) { $du = "sip:10.0.0.2"; t_relay(); }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Relays that another one has come before."""
        for _, span, line in subject.once(followed).once(Fates.TWO_RELAYS):
            yield Found(span, f"the request was relayed on line {line} already")
