"""EX024."""

from collections.abc import Iterator

from sroute.linter.nulls import Nulls, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class MissingValuePassesNegativeTest(ScriptRule):
    """A message without the header passes a negative test.

    `$hdr(X) != "a"` and `!($hdr(X) =~ "a")` are true when there is no such header at all. Ask for the header first, if that
    matters.
    """

    code = "EX024"
    bad = (
        Bad('if ($hdr(X-Key) != "secret") { xlog("no\\n"); }', ('$hdr(X-Key) != "secret"',)),
        Bad('if (!($hdr(Subject) =~ "spam")) { xlog("ok\\n"); }', ('$hdr(Subject) =~ "spam"',)),
    )
    good = (
        'if ($hdr(X-Key) != $null && $hdr(X-Key) != "public") { xlog("no\\n"); }',
        'if ($hdr(X-Key) == "secret") { xlog("yes\\n"); }',
        'if ($hdr(X-Key) != "secret") { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Negative tests of headers that may be missing, unless failing them is what ends the script."""
        for _, span, name in subject.once(followed).of(Nulls.NEGATIVE):
            yield Found(span, f"this is also true when there is no {name}", f"test {name} != $null, too")
