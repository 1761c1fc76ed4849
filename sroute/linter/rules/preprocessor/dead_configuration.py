"""PP020."""

from collections.abc import Iterator

from sroute.linter.directives import Directive, directives
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject


class DeadConfiguration(ScriptRule):
    """A part of the script can never be read.

    A conditional asks for the opposite of one around it.
    """

    code = "PP020"
    severity = "info"
    bad = (
        Bad(
            "#!KAMAILIO\n#!ifdef A\n#!ifndef A\nlisten=udp:10.0.0.1:5060\n#!endif\n#!endif\nrequest_route { exit; }",
            ("#!ifndef A",),
        ),
    )
    good = ("#!KAMAILIO\n#!ifdef A\n#!ifndef B\nlisten=udp:10.0.0.1:5060\n#!endif\n#!endif\nrequest_route { exit; }",)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Conditionals inside of their opposite, without a define between."""
        around: list[tuple[str, bool, Directive]] = []
        for each in subject.once(directives):
            if each.word in ("ifdef", "ifndef"):
                wanted = each.word == "ifdef"
                clash = next((outer for name, defined, outer in around if name == each.name and defined != wanted), None)
                if clash is not None:
                    yield Found(each.span, f"this can never be: line {clash.span.line} asks for the opposite")
                around.append((each.name, wanted, each))
            elif each.word == "else" and around:
                name, defined, outer = around.pop()
                around.append((name, not defined, outer))
            elif each.word == "endif" and around:
                around.pop()
            elif each.name:
                around = [(name, defined, outer) for name, defined, outer in around if name != each.name or each.word in ("else", "endif")]
