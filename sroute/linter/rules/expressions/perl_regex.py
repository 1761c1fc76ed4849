"""EX011."""

import re
from collections.abc import Iterator

from sroute.linter.patterns import patterns
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject, verbatim
from sroute.syntax.nodes import Expression, Literal

_PERL = re.compile(r"(?<!\\)(?:\\\\)*\\([dDhHRKQE])")
_WRITTEN = re.compile(r"\\{1,2}d")
_BRACKETED = re.compile(r"\[[^\]]*\\d")


class PerlRegex(ScriptRule):
    """A pattern is written in Perl's way.

    Kamailio's patterns are POSIX extended regular expressions. There `\\\\d` is the letter d, so `^\\\\d+$` never matches a number.
    (`\\\\w`, `\\\\s` and `\\\\b` work, as extensions of the C library.) Write `[0-9]`.
    """

    code = "EX011"
    bad = (Bad('if ($rU =~ "^\\\\d+$") { exit; }', ('"^\\\\d+$"',), 'if ($rU =~ "^[0-9]+$") { exit; }'),)
    good = ('if ($rU =~ "^[0-9]+$") { exit; }', 'if ($rU =~ "^\\\\w+$") { exit; }')

    def check(self, subject: Subject) -> Iterator[Found]:
        """Constant patterns with Perl's classes."""
        for node, pattern in patterns(subject):
            match = _PERL.search(pattern)
            if match is not None:
                meant = "[0-9]" if match[1] == "d" else "a POSIX class"
                text = f"\\{match[1]} is just the letter {match[1]} in a POSIX pattern"
                yield Found(node.span, text, f"write {meant}", _fix(node, pattern) if match[1] == "d" else None)


def _fix(node: Expression, pattern: str) -> Fix | None:
    if not isinstance(node, Literal) or not verbatim(node) or _BRACKETED.search(pattern):
        return None
    return Fix("write [0-9]", (Edit(node.span, _WRITTEN.sub("[0-9]", node.span.text())),), safe=True)
