"""HT018."""

from collections.abc import Iterator

from sroute.linter.iterating import OpenIterators, followed
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class TooManyIterators(ScriptRule):
    """More than four iterators are open at once.

    A process has room for four. The fifth `sht_iterator_start()` fails, and the loop behind it does nothing.
    """

    code = "HT018"
    stage = "run"
    bad = (
        Bad(
            "".join(f'sht_iterator_start("i{n}", "a");\n' for n in range(5)) + "".join(f'sht_iterator_end("i{n}");\n' for n in range(5)),
            ('sht_iterator_start("i4", "a")',),
        ),
    )
    good = ("".join(f'sht_iterator_start("i{n}", "a");\n' for n in range(4)) + "".join(f'sht_iterator_end("i{n}");\n' for n in range(4)),)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The start of a fifth one."""
        for _, span, _ in subject.once(followed).of(OpenIterators.TOO_MANY):
            yield Found(span, "this is the fifth iterator that is open: there is room for four", "end one of the others first")
