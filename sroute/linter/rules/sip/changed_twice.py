"""SB021."""

from collections.abc import Iterator

from sroute.linter.changes import Changes, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class ChangedTwice(ScriptRule):
    """A part of From or To is changed twice.

    The second change is not made instead of the first but beside it: `$fU = "a"; $fU = "b";` sends the user `ab`. Collect the value
    in a variable and assign once, or call `msg_apply_changes()` between.
    """

    code = "SB021"
    bad = (Bad('$fU = "a";\nif ($rU == "x") { $fU = "b"; }', ("$fU",)),)
    good = ('if ($rU == "x") { $fU = "b"; } else { $fU = "a"; }', '$fU = "a";\nmsg_apply_changes();\n$fU = "b";')

    def check(self, subject: Subject) -> Iterator[Found]:
        """A second assignment on the same path."""
        for _, span, detail in subject.once(followed).of(Changes.TWICE):
            name, line = detail.rsplit(" ", 1)
            yield Found(span, f"{name} was changed on line {line} already: both texts are sent, one behind the other")
