"""HT016."""

from collections.abc import Iterator

from sroute.linter.locking import HeldLocks, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class NestedLocks(ScriptRule):
    """Two locks are taken in different order in two places.

    One process holds the first and waits for the second, another one holds the second and waits for the first: both hang for ever,
    and with them everybody who needs one of the two. Take locks in the same order everywhere, or never hold two.
    """

    code = "HT016"
    bad = (
        Bad(
            """
            lock("x");
            lock("y");
            unlock("y");
            unlock("x");
            lock("y");
            lock("x");
            unlock("x");
            unlock("y");
            """,
            ('lock("y")', 'lock("x")'),
        ),
    )
    good = ('lock("x");\nlock("y");\nunlock("y");\nunlock("x");\nlock("x");\nunlock("x");',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Pairs of locks that are taken both ways round."""
        pairs = subject.once(followed).of(HeldLocks.INSIDE)
        orders = {tuple(detail.split("\n", 1)) for _, _, detail in pairs}
        for _, span, detail in pairs:
            outer, inner = detail.split("\n", 1)
            if (inner, outer) in orders:
                yield Found(
                    span, f"{inner} is locked while {outer} is held, elsewhere it is the other way round", "use one order everywhere"
                )
