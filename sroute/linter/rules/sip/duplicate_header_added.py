"""SB026."""

from collections.abc import Iterator

from sroute.linter.changes import Changes, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class DuplicateHeaderAdded(ScriptRule):
    """A path adds the same header twice.

    Both lines are sent. For some headers that is an error, for all of them it is not what was meant.
    """

    code = "SB026"
    bad = (Bad('append_hf("X-Key: 1\\r\\n");\nif (has_totag()) { append_hf("X-Key: 1\\r\\n"); }', ('append_hf("X-Key: 1\\r\\n")',)),)
    good = ('if (has_totag()) { append_hf("X-Key: 1\\r\\n"); } else { append_hf("X-Key: 1\\r\\n"); }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The same text for the second time."""
        for _, span, line in subject.once(followed).once(Changes.AGAIN):
            yield Found(span, f"this header was added on line {line} already")
