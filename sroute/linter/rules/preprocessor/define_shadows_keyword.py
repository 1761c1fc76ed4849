"""PP011."""

from collections.abc import Iterator

from sroute.linter.directives import DEFINES, directives
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.words import terminals


class DefineShadowsKeyword(ScriptRule):
    """A word of the language is defined.

    The word keeps its meaning, and the define has no effect.
    """

    code = "PP011"
    bad = (Bad("#!KAMAILIO\n#!define exit 1\nrequest_route { exit; }", ("exit",)),)
    good = ("#!KAMAILIO\n#!define LEAVE exit\nrequest_route { LEAVE; }",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Names that the scanner takes for words before it looks at defines."""
        known = terminals(subject.program.dialect.newer)
        for each in subject.once(directives):
            if each.word in DEFINES and each.name in known:
                yield Found(each.name_span, f"{each.name} is a word of the language: this define has no effect")
