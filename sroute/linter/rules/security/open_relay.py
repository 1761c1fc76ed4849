"""SE006."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class OpenRelay(ScriptRule):
    """Anybody's request is relayed to anywhere.

    A path leads from `request_route` to a relay without asking who sent the request, whether it is for a domain of one's own, or
    choosing the target. Such a server is found within hours, and used for fraud.
    """

    code = "SE006"
    bad = (Bad('if (!mf_process_maxfwd_header("10")) { exit; }\nt_relay();', ("t_relay()",)),)
    good = (
        "if (uri != myself) { exit; }\nt_relay();",
        '$du = "sip:10.0.0.1";\nt_relay();',
        'if (!lookup("location")) { exit; }\nt_relay();',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Relays that nothing guards."""
        for _, span, _ in subject.once(followed).of(Fates.OPEN):
            yield Found(span, "a request from anybody to anywhere comes here", "authenticate the sender, or let only uri == myself through")
