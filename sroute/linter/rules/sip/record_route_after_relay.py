"""SB009."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class RecordRouteAfterRelay(ScriptRule):
    """`record_route()` comes after the request was relayed.

    The request that is on its way does not change any more, and the rest of the dialog goes past this server.
    """

    code = "SB009"
    bad = (Bad("t_relay();\nrecord_route();", ("record_route()",)),)
    good = ("record_route();\nt_relay();",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Calls behind a relay."""
        for _, span, line in subject.once(followed).once(Fates.LATE_RECORD):
            yield Found(span, f"the request was relayed on line {line}: this comes too late", "call it before t_relay()")
