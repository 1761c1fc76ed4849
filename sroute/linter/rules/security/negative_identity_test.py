"""SE019."""

from collections.abc import Iterator

from sroute.linter.nulls import Nulls, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class NegativeIdentityTest(ScriptRule):
    """A sender without the header passes a test that should stop him.

    `if ($hdr(P-Asserted-Identity) != "sip:blocked@a") { allow }` is true when there is no such header. Leave it out, and nobody is
    blocked.
    """

    code = "SE019"
    bad = (
        Bad(
            'if ($hdr(P-Asserted-Identity) != "sip:blocked@a") { setflag(1); }',
            ('$hdr(P-Asserted-Identity) != "sip:blocked@a"',),
        ),
    )
    good = ('if ($hdr(P-Asserted-Identity) == "sip:good@a") { setflag(1); }', 'if ($hdr(Subject) != "x") { setflag(1); }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Negative tests of headers that tell who somebody is."""
        for _, span, name in subject.once(followed).of(Nulls.IDENTITY):
            yield Found(span, f"this is also true when there is no {name}: leaving it out passes the test", f"test {name} != $null, too")
