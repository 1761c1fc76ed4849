"""RT039."""

from collections.abc import Iterator

from sroute.linter.leaving import Leaves, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class DropInFailureRoute(ScriptRule):
    """`drop` in a `failure_route` does nothing.

    The failed reply goes upstream all the same. To answer something else use `t_reply()`, to try elsewhere add a branch and relay.
    """

    code = "RT039"
    bad = (Bad('request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { drop; }', ("drop",)),)
    good = (
        'request_route { t_on_failure("F"); t_relay(); }\nfailure_route[F] { t_reply("480", "Later"); exit; }',
        'request_route { t_on_failure("F"); t_relay(); drop; }\nfailure_route[F] { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Drops that end a failure route."""
        for _, span, kind in subject.once(followed).of(Leaves.DROP):
            if kind == "failure":
                yield Found(span, "drop does nothing here: the reply goes upstream all the same", "t_reply() answers something else")
