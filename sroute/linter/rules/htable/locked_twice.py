"""HT026."""

from collections.abc import Iterator

from sroute.linter.locking import HeldLocks, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class LockedTwice(ScriptRule):
    """A lock is taken again while it is held.

    The lock of cfgutils is not re-entrant: `lock("k")` twice in one process waits for itself, and the process hangs. `sht_lock()`
    counts how often it was taken, so it needs as many unlocks.
    """

    code = "HT026"
    bad = (Bad('lock("k");\nlock("k");\nunlock("k");', ('lock("k")',)),)
    good = ('lock("k");\nunlock("k");\nlock("k");\nunlock("k");',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Locks of what is held already."""
        for _, span, detail in subject.once(followed).of(HeldLocks.AGAIN):
            yield Found(span, f"this is already locked on this path, since line {detail}", "unlock it first")
