"""RT035."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.routes.duplicate_main_route import head
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Route


class RequestWithoutAnswer(ScriptRule):
    """A path through `request_route` comes to its end, and the request was neither answered nor sent on.

    The sender repeats it for half a minute and gives up. An `exit` or `drop` says that this is meant; falling off the end of the
    block mostly is not.
    """

    code = "RT035"
    bad = (Bad('request_route { if (is_method("INVITE")) { t_relay(); exit; } xlog("L_INFO", "other\\n"); }', ("request_route",)),)
    good = (
        'request_route { if (is_method("INVITE")) { t_relay(); exit; } sl_send_reply("405", "No"); }',
        'request_route { if (is_method("INVITE")) { t_relay(); } exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Ends of the main block where nothing has been done."""
        for node, _, _ in subject.once(followed).of(Fates.UNANSWERED):
            assert isinstance(node, Route)
            text = "a path comes to the end of this block, and the request was neither answered nor sent on"
            yield Found(head(node), text, "reply, relay, or say exit where nothing is meant to happen")
