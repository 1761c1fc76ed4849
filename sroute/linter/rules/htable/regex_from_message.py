"""HT021."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.linter.taint import Taint, followed


class RegexFromMessage(ScriptRule):
    """Items of a table are chosen by a pattern from the message.

    The functions that take a regular expression, and `$shtcn`, walk over the whole table. With `.*` for a user name the sender
    empties it, or makes every process wait. Use the exact key, or the operators that take no pattern (`sw`, `eq`).
    """

    code = "HT021"
    bad = (
        Bad('sht_rm_name_re("a=>$rU");', ('"a=>$rU"',)),
        Bad("if ($shtcn(a=>~~$fU) > 3) { exit; }", ("$shtcn(a=>~~$fU)",)),
    )
    good = ('sht_rm_name("a", "sw", "$rU");', "$sht(a=>$rU) = $null;", 'sht_rm_name_re("a=>^tmp-");')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Patterns from outside that choose items."""
        for _, span, _ in subject.once(followed).of(Taint.TABLE):
            yield Found(span, "this pattern comes from the message: .* takes the whole table", "use the exact key, or sw instead of re")
