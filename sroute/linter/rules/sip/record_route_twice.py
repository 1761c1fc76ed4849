"""SB008."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class RecordRouteTwice(ScriptRule):
    """A path calls `record_route()` twice.

    The second call fails with an error in the log.
    """

    code = "SB008"
    stage = "run"
    bad = (Bad('record_route();\nif (is_method("INVITE")) record_route();\nt_relay();', ("record_route()",)),)
    good = ('if (is_method("INVITE")) { record_route(); } else { record_route(); }\nt_relay();',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Calls that another one has come before."""
        for _, span, line in subject.once(followed).once(Fates.TWO_RECORDS):
            yield Found(span, f"line {line} has done this already: the second call fails")
