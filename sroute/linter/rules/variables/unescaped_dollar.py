"""PV019."""

from sroute.linter.fixes import double_dollar
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UnescapedDollar(LoadRule):
    """A dollar sign in a quoted parameter begins no variable.

    Functions that expand variables refuse a `$` that none follows. Write `$$`.
    """

    code = "PV019"
    stage = "start"
    bad = (Bad('xlog("costs $5\\n");', ('"costs $5\\n"',), 'xlog("costs $$5\\n");'),)
    good = ('xlog("costs $$5\\n");',)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """Two dollar signs."""
        return double_dollar(finding)
