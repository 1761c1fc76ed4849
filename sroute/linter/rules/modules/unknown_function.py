"""MD009."""

from sroute.linter.fixes import as_meant
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UnknownFunction(LoadRule):
    """A function is called that no module has.

    The name is misspelt, or comes from another version of Kamailio.
    """

    code = "MD009"
    bad = (Bad('sl_send_repl("200", "OK");', ("sl_send_repl",), 'sl_send_reply("200", "OK");'),)
    good = ('sl_send_reply("200", "OK");',)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The name that is nearest."""
        return as_meant(finding)
