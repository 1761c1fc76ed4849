"""SB016."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class FailureRouteWithoutCancelCheck(ScriptRule):
    """`failure_route` relays without asking whether the caller has given up.

    After a CANCEL the block runs for the 487, too. Without `if (t_is_canceled()) exit;` the call is sent to the next target
    although nobody waits for it.
    """

    code = "SB016"
    bad = (
        Bad(
            'request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { $du = "sip:10.0.0.2"; append_branch(); t_relay(); }',
            ("t_relay()",),
        ),
    )
    good = (
        'request_route { t_on_failure("F"); t_relay(); }\n'
        'failure_route[F] { if (t_is_canceled()) exit; $du = "sip:10.0.0.2"; append_branch(); t_relay(); }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Relays in failure routes that no such check comes before."""
        for _, span, _ in subject.once(followed).of(Fates.NO_CANCEL_CHECK):
            yield Found(span, "the caller may have given up: this relays all the same", "if (t_is_canceled()) exit;")
