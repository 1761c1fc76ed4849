"""RT006."""

from sroute.linter.fixes import unquote_variable
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class QuotedPvAsRouteName(LoadRule):
    """A variable in quotes is taken for the name of a route.

    `route("$var(r)")` looks for a block that is called `$var(r)`. Without quotes the name is computed when the statement runs.
    """

    code = "RT006"
    stage = "start"
    bad = (Bad('route("$var(r)");', ('"$var(r)"',), "route($var(r));"),)
    good = ("route($var(r));",)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The quotes go."""
        return unquote_variable(finding)
