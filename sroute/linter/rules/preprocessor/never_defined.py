"""PP008."""

import re
from collections.abc import Iterator

from sroute.linter.directives import DEFINES, TESTS, directives
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.nearest import did_you_mean

_MENTION = re.compile(r"#+[ \t]*!?[ \t]*(?:try|re)?def(?:ine)?[ \t]+(\w+)")
BUILT_IN = re.compile(r"KAMAILIO(?:_|\Z)|MOD_|OS_NAME")


class NeverDefined(ScriptRule):
    """A conditional asks for a name that nothing defines.

    No `#!define` names it, not even one that is commented out, and it was not given with `-A`. Often it is misspelt.
    """

    code = "PP008"
    severity = "info"
    bad = (
        Bad(
            "#!KAMAILIO\n#!define WITH_NAT\n#!ifdef WITH_NTA\nlisten=udp:10.0.0.1:5060\n#!endif\nrequest_route { exit; }",
            ("WITH_NTA",),
        ),
    )
    good = ("#!KAMAILIO\n##!define WITH_NAT\n#!ifdef WITH_NAT\nlisten=udp:10.0.0.1:5060\n#!endif\nrequest_route { exit; }",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first test of each such name."""
        if subject.circumstances.fragment:
            return
        known = {each.name for each in subject.once(directives) if each.word in DEFINES} | set(subject.program.script.defines)
        known |= {name for source in subject.sources for name in _MENTION.findall(source.text)} | subject.circumstances.given
        known |= _described(subject)
        for each in subject.once(directives):
            if each.word in TESTS and each.name and each.name not in known and not BUILT_IN.match(each.name):
                known = known | {each.name}
                yield Found(each.name_span, f"nothing defines {each.name}", did_you_mean(each.name, known - {each.name}))


def _described(subject: Subject) -> set[str]:
    """Names that a comment tells of: `define WITH_NAT`, or `-A WITH_NAT`."""
    return {name for source in subject.sources for name in re.findall(r"(?:define|-A)[ \t]+(\w+)", source.text)}
