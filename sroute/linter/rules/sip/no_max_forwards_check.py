"""SB010."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class NoMaxForwardsCheck(ScriptRule):
    """A request is relayed without a check of Max-Forwards.

    Two servers that send a request to each other do so until one of them breaks. `mf_process_maxfwd_header("10")` at the beginning
    of `request_route` ends such a loop.
    """

    code = "SB010"
    bad = (Bad('$du = "sip:10.0.0.1";\nt_relay();', ("t_relay()",)),)
    good = ('if (!mf_process_maxfwd_header("10")) { exit; }\n$du = "sip:10.0.0.1";\nt_relay();',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first relay that no check comes before."""
        for _, span, _ in subject.once(followed).of(Fates.UNCOUNTED)[:1]:
            yield Found(span, "a request comes here without a check of Max-Forwards", 'mf_process_maxfwd_header("10") at the beginning')
