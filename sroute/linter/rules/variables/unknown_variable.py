"""PV001."""

from sroute.linter.fixes import meant_inside
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UnknownVariable(LoadRule):
    """A variable is of a class that nobody knows.

    In code `kamailio -c` refuses it; inside a quoted parameter only the start does.
    """

    code = "PV001"
    bad = (
        Bad("$var(x) = $hfr(Subject);", ("$hfr(Subject)",), "$var(x) = $hfl(Subject);"),
        Bad('xlog("$usr\\n");', ('"$usr\\n"',)),
        Bad("$var(x) = $nope(y);", ("$nope(y)",)),
    )
    good = ('xlog("$fU\\n");',)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The class that is nearest."""
        return meant_inside(finding)
