"""SY013."""

from sroute.linter.fixes import add_quotes
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class ParameterNotConstant(LoadRule):
    """A parameter is computed where the function takes only constants.

    Many functions read their parameters when the script is loaded. Put the variable into double quotes: those that expand variables
    then do so at each call.
    """

    code = "SY013"
    bad = (Bad('sl_send_reply($var(c), "x");', ("$var(c)",), 'sl_send_reply("$var(c)", "x");'),)
    good = ('sl_send_reply("$var(c)", "x");',)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """Quotes around the variable."""
        return add_quotes(finding)
