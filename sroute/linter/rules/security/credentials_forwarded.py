"""SE008."""

from collections.abc import Iterator

from sroute.linter.knowledge import AUTHENTICATES
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.whole import relays


class CredentialsForwarded(ScriptRule):
    """Credentials are sent on to the next server.

    After a successful check the Authorization header is still in the message. Whoever gets it can work on the password. Call
    `consume_credentials()` behind the check.
    """

    code = "SE008"
    bad = (
        Bad(
            """
            if (!auth_check("$fd", "subscriber", "1")) { auth_challenge("$fd", "0"); exit; }
            $du = "sip:10.0.0.1";
            t_relay();
            """,
            ("auth_check",),
        ),
    )
    good = (
        """
        if (!auth_check("$fd", "subscriber", "1")) { auth_challenge("$fd", "0"); exit; }
        consume_credentials();
        $du = "sip:10.0.0.1";
        t_relay();
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first check of a script that relays and never removes them."""
        checks = list(subject.calls(*AUTHENTICATES - {"is_subscriber"}))
        if checks and relays(subject) and not any(True for _ in subject.calls("consume_credentials", "remove_hf", "remove_hf_re")):
            yield Found(checks[0].name_span, "the credentials are sent on to the next server", "consume_credentials() behind the check")
