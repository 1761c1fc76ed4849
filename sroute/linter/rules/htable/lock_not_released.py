"""HT014."""

from collections.abc import Iterator

from sroute.linter.locking import HeldLocks, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class LockNotReleased(ScriptRule):
    """A lock is still held when the script ends on some path.

    `sht_lock()` and `lock()` hold a slot or a lock of the set until they are unlocked, also after the end of the script: every
    other process that needs the same slot hangs from then on. An `exit`, `return` or `drop` between the lock and the unlock is
    enough.
    """

    code = "HT014"
    bad = (
        Bad('sht_lock("a=>$ci");\nif ($sht(a=>$ci) != $null) { exit; }\nsht_unlock("a=>$ci");', ('sht_lock("a=>$ci")',)),
        Bad(
            """
            request_route {
                lock("$fU");
                route(WORK);
                unlock("$fU");
            }
            route[WORK] {
                if (has_totag()) exit;
            }
            """,
            ('lock("$fU")',),
        ),
    )
    good = (
        'sht_lock("a=>$ci");\nif ($sht(a=>$ci) != $null) {\n    sht_unlock("a=>$ci");\n    exit;\n}\nsht_unlock("a=>$ci");',
        'lock("$fU");\n$sht(a=>x) = $sht(a=>x) + 1;\nunlock("$fU");',
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Locks that are held at an end of the script."""
        for node, span, detail in subject.once(followed).of(HeldLocks.KEPT):
            where = f" that ends on line {detail}" if detail != str(node.span.line) else ""
            text = f"this lock is not released on a path{where}: other processes hang"
            yield Found(span, text, "unlock it before every exit, return and drop")
