"""EX012."""

from collections.abc import Iterator

from sroute.linter.knowledge import DECIDING
from sroute.linter.nulls import Nulls, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Binary, Variable


class RegexFromVariable(ScriptRule):
    """A pattern comes from a variable that may be null.

    An empty pattern matches every text, and null is an empty pattern. A bad pattern in a variable logs an error at each run and
    counts as no match. Test the variable first.
    """

    code = "EX012"
    stage = "run"
    bad = (Bad("if ($hdr(Subject) =~ $avp(pattern)) { exit; }", ("$hdr(Subject) =~ $avp(pattern)",)),)
    good = (
        "if ($avp(pattern) != $null && $hdr(Subject) =~ $avp(pattern)) { exit; }",
        'if ($hdr(Subject) =~ "^spam") { exit; }',
        '$avp(pattern) = "^a";\nif ($hdr(Subject) =~ $avp(pattern)) { exit; }',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Matches against what may be null, unless the matter is who may come in."""
        for node, span, _ in subject.once(followed).of(Nulls.PATTERN):
            assert isinstance(node, Binary)
            if not deciding(node):
                name = node.right.span.text()
                yield Found(span, f"{name} may be null, and an empty pattern matches everything", f"test {name} != $null first")


def deciding(node: Binary) -> bool:
    """Whether the left side tells who sent the message."""
    return isinstance(node.left, Variable) and node.left.spec.name in DECIDING
