"""HT017."""

from collections.abc import Iterator

from sroute.linter.iterating import OpenIterators, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class IteratorNotEnded(ScriptRule):
    """An iterator is not ended on some path.

    A process has room for four iterators, so the fifth walk fails. Worse, after `sht_iterator_next()` the iterator holds the lock
    of a slot: every other process that needs it hangs until `sht_iterator_end()`. An `exit`, `return` or `break` in the loop is
    enough.
    """

    code = "HT017"
    stage = "run"
    bad = (
        Bad(
            """
            sht_iterator_start("it", "a");
            while (sht_iterator_next("it")) {
                if ($shtitkey(it) == $ci) { exit; }
            }
            sht_iterator_end("it");
            """,
            ('sht_iterator_start("it", "a")',),
        ),
    )
    good = (
        """
        sht_iterator_start("it", "a");
        while (sht_iterator_next("it")) {
            if ($shtitkey(it) == $ci) { break; }
        }
        sht_iterator_end("it");
        """,
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Iterators that are open at an end of the script."""
        for node, span, detail in subject.once(followed).of(OpenIterators.KEPT):
            where = f" that ends on line {detail}" if detail != str(node.span.line) else ""
            text = f"this iterator is not ended on a path{where}: it keeps a slot locked"
            yield Found(span, text, "call sht_iterator_end() before every exit and return")
