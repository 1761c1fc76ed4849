"""SE004."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.taint import Taint, followed


class RegexFromMessage(ScriptRule):
    """A pattern is taken from the message.

    The sender decides what matches: `.*` passes every check, and a costly pattern stops the process for seconds.
    """

    code = "SE004"
    bad = (
        Bad("if ($sht(a=>name) =~ $fU) { exit; }", ("$fU",)),
        Bad('$var(p) = "^" + $rU;\nif ($ua =~ $var(p)) { exit; }', ("$var(p)",)),
    )
    good = ("if ($sht(a=>name) == $fU) { exit; }", '$var(p) = "^bob";\nif ($ua =~ $var(p)) { exit; }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Patterns from outside."""
        for _, span, _ in subject.once(followed).of(Taint.REGEX):
            yield Found(
                span, "this pattern comes from the message: its sender decides what matches", "compare with ==, or with starts_with()"
            )
