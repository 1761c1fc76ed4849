"""SY006."""

from sroute.linter.fixes import else_if
from sroute.linter.rule import Bad, Fix, LoadRule
from sroute.linter.subject import Subject
from sroute.source.diagnostic import Diagnostic


class ForeignOperator(LoadRule):
    """An operator or a word of another language.

    There is no `+=`, `++`, `?:`, `!~`, `%`, `elseif`, `continue`. Write `$var(x) = $var(x) + 1`, `!(... =~ ...)`, `mod`, `else if`,
    a nested `if`.
    """

    code = "SY006"
    bad = (
        Bad("$var(x) += 1;", ("+=",)),
        Bad(
            'if (has_totag()) { exit; } elseif (is_method("ACK")) { exit; }',
            ("elseif",),
            'if (has_totag()) { exit; } else if (is_method("ACK")) { exit; }',
        ),
    )
    good = (
        "$var(x) = $var(x) + 1;",
        'if (has_totag()) { exit; } else if (is_method("ACK")) { exit; }',
    )

    def fix(self, finding: Diagnostic, subject: Subject) -> Fix | None:
        """The word that Kamailio knows, where there is one."""
        return else_if(finding)
