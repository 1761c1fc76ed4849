"""SE003."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.taint import Taint, followed


class CrlfInjection(ScriptRule):
    """A decoded text from the message goes into a header, a reason phrase or the R-URI.

    What was decoded (base64, hexadecimal, the body) may hold line ends. Whoever sends it writes headers of his own into the message
    that goes out. Check it against a pattern first.
    """

    code = "SE003"
    bad = (
        Bad('append_hf("X: $(hdr(Q){s.decode.hexa})\\r\\n");', ('"X: $(hdr(Q){s.decode.hexa})\\r\\n"',)),
        Bad('$var(r) = $(hdr(Q){s.decode.base64});\nsl_send_reply("400", "$var(r)");', ('"$var(r)"',)),
    )
    good = (
        'append_hf("X: $hdr(Q)\\r\\n");',
        '$var(r) = $(hdr(Q){s.decode.base64});\nif ($var(r) =~ "^[a-z]+$") append_hf("X: $var(r)\\r\\n");',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Decoded texts that are written into a message."""
        for _, span, _ in subject.once(followed).of(Taint.CRLF):
            yield Found(span, "this may hold line ends, and so whole headers, from the sender", "check it against a pattern first")
