"""ST005."""

import re
from collections.abc import Iterator

from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.text import Span

_RETURNED = re.compile(r"(?:#|//)!(?:SER|KAMAILIO|OPENSER|MAXCOMPAT|ALL)\r\n")
"""A marker with the line end of Windows, which Kamailio takes for a comment."""
MARK = "\xef\xbb\xbf"
"""What some editors write at the beginning of a file."""


class MissingMarker(ScriptRule):
    """The first line does not say that this is a script for Kamailio.

    `#!KAMAILIO` settles how old spellings are read. Without it a plain `$name` that nobody knows is an AVP.
    """

    code = "ST005"
    severity = "info"
    bad = (
        Bad(
            'loadmodule "pv.so"\nrequest_route { exit; }',
            ('loadmodule "pv.so"',),
            '#!KAMAILIO\nloadmodule "pv.so"\nrequest_route { exit; }',
        ),
    )
    good = ('#!KAMAILIO\nloadmodule "pv.so"\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """A whole script without a marker."""
        if subject.program.script.marked or subject.circumstances.fragment:
            return
        source = subject.sources[0]
        start = len(MARK) if source.text.startswith(MARK) else 0
        if _RETURNED.match(source.text, start):
            return
        fix = Fix("add it", (Edit(Span(source, start, start), "#!KAMAILIO\n"),)) if _plain(subject) else None
        yield Found(Span(source, start, max(start, len(source.line(1)))), "the first line is not #!KAMAILIO", None, fix)


def _plain(subject: Subject) -> bool:
    """Whether the marker changes nothing: no variable is taken for an AVP because there is none."""
    return all(use.pv.spec.name == use.pv.variable.name or use.pv.variable.name != "avp" for use in subject.uses)
