"""HT019."""

from collections.abc import Iterator

from sroute.linter.iterating import OpenIterators, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class IteratorName(ScriptRule):
    """An iterator is used that was never started on this path.

    `sht_iterator_next()`, `sht_iterator_end()` and the others take the name of the iterator, which is the first argument of
    `sht_iterator_start()`. Often the name of the table is written there, or a name is misspelt.
    """

    code = "HT019"
    stage = "run"
    bad = (Bad('sht_iterator_start("it", "a");\nsht_iterator_end("a");\nsht_iterator_end("it");', ('sht_iterator_end("a")',)),)
    good = ('sht_iterator_start("it", "a");\nsht_iterator_end("it");',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Uses of names that are not open."""
        for _, span, detail in subject.once(followed).of(OpenIterators.NOT_OPEN):
            yield Found(span, f"no iterator of this name is open here{detail}", "the name is the first argument of sht_iterator_start()")
