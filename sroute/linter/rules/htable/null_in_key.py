"""HT022."""

from collections.abc import Iterator

from sroute.linter.nulls import Nulls, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class NullInKey(ScriptRule):
    """A key is made of a variable that may be null.

    Null in a key is written as `<null>`, so all messages without the value share one item.
    """

    code = "HT022"
    bad = (Bad("$sht(a=>$avp(id)) = 1;", ("$sht(a=>$avp(id))",)),)
    good = ("if ($avp(id) != $null) $sht(a=>$avp(id)) = 1;", "$avp(id) = $ci;\n$sht(a=>$avp(id)) = 1;", "$sht(a=>$ci) = 1;")

    def check(self, subject: Subject) -> Iterator[Found]:
        """Writes with such a key."""
        for _, span, name in subject.once(followed).of(Nulls.KEY):
            yield Found(span, f"{name} may be null, and then the key is made of <null>", f"test {name} != $null first")
