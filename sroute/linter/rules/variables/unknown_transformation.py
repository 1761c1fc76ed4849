"""PV006."""

from sroute.linter.fixes import meant_inside
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UnknownTransformation(LoadRule):
    """A transformation is unknown.

    The class or the name in the braces is misspelt, or the module that has it is not loaded.
    """

    code = "PV006"
    bad = (
        Bad("$var(x) = $(rU{s.nope});", ("$(rU{s.nope})",)),
        Bad("$var(x) = $(rU{s.lenn});", ("$(rU{s.lenn})",), "$var(x) = $(rU{s.len});"),
    )
    good = ("$var(x) = $(rU{s.len});",)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The name that is nearest."""
        return meant_inside(finding)
