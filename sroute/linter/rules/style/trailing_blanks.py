"""ST009."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.text import Source, Span

_BLANKS = re.compile(r"(?<![ \t])[ \t]+(?=\r?$)", re.MULTILINE)


class TrailingBlanks(ScriptRule):
    """There are blanks at the end of lines.

    They show up as changes in every comparison. (One remark for each file.)
    """

    code = "ST009"
    severity = "info"
    bad = (Bad("exit;  \ndrop;\n# end", ("  ",), "exit;\ndrop;\n# end"),)
    good = ("exit;",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first line of each file; the fix is for all."""
        for source in subject.sources:
            places = [Span(source, match.start(), match.end()) for match in _BLANKS.finditer(source.text)]
            wanted = [place for place in places if not _continues(source, place)]
            if wanted:
                text = f"blanks at the end of {len(wanted)} line{'s' * (len(wanted) != 1)}"
                yield Found(wanted[0], text, None, Fix("remove them", tuple(Edit(place, "") for place in wanted), safe=True))


def _continues(source: Source, place: Span) -> bool:
    """Whether the blanks may matter: behind a backslash, in a directive, inside of a string."""
    line = source.line(place.line)
    return line.startswith(("#!", "!!")) or source.text[place.start - 1 : place.start] == "\\" or line.count('"') % 2 == 1
