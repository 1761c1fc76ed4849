"""SY028."""

from collections.abc import Iterator

from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.syntax.nodes import GlobalParam, LoadModule, ModParam, Route


class DeclarationAfterRoutes(ScriptRule):
    """A declaration stands behind the first block.

    It counts all the same. Readers look for modules and parameters at the top.
    """

    code = "SY028"
    severity = "info"
    bad = (
        Bad(
            '#!KAMAILIO\nloadmodule "tm.so"\nrequest_route { exit; }\nmodparam("tm", "fr_timer", 5000)',
            ('modparam("tm", "fr_timer", 5000)',),
        ),
    )
    good = ('#!KAMAILIO\nloadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """The first one of each file that has such."""
        seen, told = False, set()
        for item in subject.program.script.items:
            seen = seen or isinstance(item, Route)
            if seen and isinstance(item, ModParam | LoadModule | GlobalParam) and item.span.source.name not in told:
                told.add(item.span.source.name)
                yield Found(item.span, "this stands behind the first block", "declarations are looked for at the top")
