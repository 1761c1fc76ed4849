"""HT019."""

from collections.abc import Iterator

from sroute.linter.fixes import named_inside
from sroute.linter.iterating import OpenIterators, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import Call


class IteratorName(ScriptRule):
    """An iterator is used that was never started on this path.

    `sht_iterator_next()`, `sht_iterator_end()` and the others take the name of the iterator, which is the first argument of
    `sht_iterator_start()`. Often the name of the table is written there, or a name is misspelt.
    """

    code = "HT019"
    stage = "run"
    bad = (
        Bad('sht_iterator_start("it", "a");\nsht_iterator_end("a");\nsht_iterator_end("it");', ('sht_iterator_end("a")',)),
        Bad(
            'sht_iterator_start("it", "a");\nwhile (sht_iterator_next("a")) { exit; }\nsht_iterator_end("it");',
            ('sht_iterator_next("a")',),
            'sht_iterator_start("it", "a");\nwhile (sht_iterator_next("it")) { exit; }\nsht_iterator_end("it");',
        ),
    )
    good = ('sht_iterator_start("it", "a");\nsht_iterator_end("it");',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Uses of names that are not open."""
        for node, span, detail in subject.once(followed).of(OpenIterators.NOT_OPEN):
            assert isinstance(node, Call)
            only = detail.removeprefix(", only ") if detail and detail.count(",") == 1 else ""
            name = subject.argument(node, 0) or ""
            fix = named_inside(node.args[0].span, name, only) if only and node.name != "sht_iterator_end" else None
            text = f"no iterator of this name is open here{detail}"
            yield Found(span, text, "the name is the first argument of sht_iterator_start()", fix)
