"""SE007."""

from collections.abc import Iterator

from sroute.linter.answering import Fates, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class AuthOnlyForSomeMethods(ScriptRule):
    """Only some methods are authenticated, the others are relayed without.

    `if (is_method("INVITE")) { ... auth_check ... }` lets a MESSAGE or SUBSCRIBE from anybody through. Authenticate all but ACK and
    CANCEL.
    """

    code = "SE007"
    bad = (
        Bad(
            """
            if (is_method("INVITE")) {
                if (!auth_check("$fd", "subscriber", "1")) { auth_challenge("$fd", "0"); exit; }
            }
            t_relay();
            """,
            ("t_relay()",),
        ),
    )
    good = (
        """
        if (!is_method("ACK|CANCEL")) {
            if (!auth_check("$fd", "subscriber", "1")) { auth_challenge("$fd", "0"); exit; }
        }
        t_relay();
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Relays of other methods that nothing guards, where something guards INVITE."""
        for _, span, _ in subject.once(followed).of(Fates.SOME_METHODS):
            yield Found(span, "a request that is no INVITE comes here without being authenticated", "authenticate all but ACK and CANCEL")
