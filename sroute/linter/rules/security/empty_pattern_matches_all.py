"""SE020."""

from collections.abc import Iterator

from sroute.linter.nulls import Nulls, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.expressions.regex_from_variable import deciding
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary


class EmptyPatternMatchesAll(ScriptRule):
    """Who may come in is decided by a pattern that may be missing.

    An empty pattern matches every text, and a missing item of a table is an empty pattern: `$si =~ $sht(acl=>x)` is true for
    everybody when there is no such key. Test the pattern against `$null` first.
    """

    code = "SE020"
    bad = (Bad("if ($si =~ $sht(a=>$fd)) { exit; }", ("$si =~ $sht(a=>$fd)",)),)
    good = ("if ($sht(a=>$fd) != $null && $si =~ $sht(a=>$fd)) { exit; }", 'if ($si =~ "^10\\.") { exit; }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Senders matched against what may be null."""
        for node, span, _ in subject.once(followed).of(Nulls.PATTERN):
            assert isinstance(node, Binary)
            if deciding(node):
                who, pattern = node.left.span.text(), node.right.span.text()
                yield Found(span, f"when {pattern} is null, this is true for every {who}", f"test {pattern} != $null first")
