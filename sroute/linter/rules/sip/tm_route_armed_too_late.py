"""SB015."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class TmRouteArmedTooLate(ScriptRule):
    """A block is named to tm after the request was relayed.

    `t_on_failure()`, `t_on_reply()` and `t_on_branch()` are for the `t_relay()` that comes after them.
    """

    code = "SB015"
    bad = (Bad('request_route { t_relay(); t_on_failure("F"); }\nfailure_route[F] { exit; }', ('t_on_failure("F")',)),)
    good = ('request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Such calls behind a relay."""
        for _, span, line in subject.once(followed).once(Fates.ARMED_LATE):
            yield Found(span, f"the request was relayed on line {line}: the block is never run for it", "call it before t_relay()")
