"""SY011."""

from sroute.linter.fixes import add_quotes
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class UnquotedParameter(LoadRule):
    """A string parameter stands without quotes.

    Words in the parameters of module functions need double quotes: `is_method("INVITE")`.
    """

    code = "SY011"
    bad = (Bad("if (is_method(INVITE)) { exit; }", ("INVITE",), 'if (is_method("INVITE")) { exit; }'),)
    good = ('if (is_method("INVITE")) { exit; }',)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """Quotes around the words."""
        return add_quotes(finding)
