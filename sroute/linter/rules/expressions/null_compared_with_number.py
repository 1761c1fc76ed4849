"""EX004."""

from collections.abc import Iterator

from sroute.linter.nulls import Nulls, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class NullComparedWithNumber(ScriptRule):
    """A value that may be missing passes a comparison with a number.

    Null counts as 0 beside a number. A key that is not in the table, or an AVP that nobody has set, passes `== 0` and `< 3`. If
    that is meant, a table with `initval=0` says so; otherwise test against `$null` first.
    """

    code = "EX004"
    bad = (
        Bad("if ($sht(a=>calls) == 0) { exit; }", ("$sht(a=>calls) == 0",)),
        Bad("if ($avp(tries) < 3) { exit; }", ("$avp(tries) < 3",)),
    )
    good = (
        "if ($sht(a=>calls) != $null && $sht(a=>calls) == 0) { exit; }",
        "if ($sht(b=>calls) == 0) { exit; }",
        "$avp(tries) = 1;\nif ($avp(tries) < 3) { exit; }",
        "if ($avp(tries) > 3) { exit; }",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Comparisons that null passes."""
        for _, span, name in subject.once(followed).of(Nulls.NUMBER):
            yield Found(span, f"this is also true when {name} is null: null counts as 0", f"test {name} != $null first")
