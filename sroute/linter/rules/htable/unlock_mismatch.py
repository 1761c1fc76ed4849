"""HT015."""

from collections.abc import Iterator

from sroute.linter.locking import HeldLocks, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class UnlockMismatch(ScriptRule):
    """Something is unlocked that was not locked on this path.

    The key of the unlock differs from that of the lock, or there was no lock at all. The lock that was meant stays held, or one
    that another process holds is taken from it.
    """

    code = "HT015"
    bad = (
        Bad('sht_lock("a=>x");\nsht_unlock("a=>y");\nsht_unlock("a=>x");', ('sht_unlock("a=>y")',)),
        Bad('unlock("never");', ('unlock("never")',)),
    )
    good = ('sht_lock("a=>x");\n$sht(a=>x) = 1;\nsht_unlock("a=>x");',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Unlocks of what is not held."""
        for _, span, detail in subject.once(followed).of(HeldLocks.NOT_HELD):
            held = f"held is {detail}" if detail else "nothing is locked here"
            yield Found(span, f"this unlocks what is not locked on this path: {held}", "lock and unlock the same key")
