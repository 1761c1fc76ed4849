"""PP009."""

import re
from collections.abc import Iterator

from sroute.linter.directives import DEFINES, Directive, directives
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.spans import whole_lines
from sroute.linter.subject import Subject

_WORD = re.compile(r"[A-Za-z_]\w*")


class UnusedDefine(ScriptRule):
    """A name is defined and not used.

    No conditional asks for it, and it stands nowhere as a value.
    """

    code = "PP009"
    severity = "info"
    bad = (Bad("#!KAMAILIO\n#!define OLD 1\nrequest_route { exit; }", ("OLD",), "#!KAMAILIO\nrequest_route { exit; }"),)
    good = (
        "#!KAMAILIO\n#!define LEVEL 1\ndebug=LEVEL\nrequest_route { exit; }",
        "#!KAMAILIO\n#!define WITH_TLS\n#!ifdef WITH_TLS\nenable_tls=yes\n#!endif\nrequest_route { exit; }",
    )

    def check(self, subject: Subject) -> Iterator[Found]:
        """Names that occur once only in all files."""
        if subject.circumstances.fragment:
            return
        counted: dict[str, int] = {}
        for source in subject.sources:
            for word in _WORD.findall(source.text):
                counted[word] = counted.get(word, 0) + 1
        for each in subject.once(directives):
            if each.word in DEFINES and counted.get(each.name, 0) == 1:
                yield Found(each.name_span, f"{each.name} is defined and not used", None, _fix(each))


def _fix(each: Directive) -> Fix | None:
    if each.rest.endswith("\\"):
        return None
    return Fix("remove the line", (Edit(whole_lines(each.span), ""),), safe=True)
