"""SY016."""

from sroute.linter.fixes import wrap_variable
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class TransformationNeedsParentheses(LoadRule):
    """An index or a transformation stands behind a variable without its outer parentheses.

    In code `$rU{s.len}` is a syntax error; write `$(rU{s.len})`. Inside a quoted parameter the braces are taken as text.
    """

    code = "SY016"
    bad = (Bad("$var(x) = $rU{s.len};", ("$rU{",), "$var(x) = $(rU{s.len});"),)
    good = ("$var(x) = $(rU{s.len});",)

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """Parentheses around the whole."""
        return wrap_variable(finding)
