"""EX005."""

from collections.abc import Iterator

from sroute.linter.nulls import Nulls, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class NullInArithmetic(ScriptRule):
    """A value that may be missing is counted with.

    Null counts as 0 beside a number, so a sum is right by chance until somebody stores 0 on purpose. For counters in hash tables
    `initval=0` or `$shtinc` says what is meant.
    """

    code = "EX005"
    severity = "info"
    bad = (Bad("$avp(n) = $avp(n) + 1;", ("$avp(n)",)),)
    good = ("$avp(n) = 0;\n$avp(n) = $avp(n) + 1;", "$sht(b=>n) = $sht(b=>n) + 1;", '$var(x) = "a" + $avp(n);')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Operands that may be null."""
        for _, span, _ in subject.once(followed).of(Nulls.ARITHMETIC):
            yield Found(span, f"{span.text()} may be null here and then counts as 0")
