"""PP005."""

import re
from collections.abc import Iterator

from sroute.linter.comments import line_comments
from sroute.linter.rule import Bad, Edit, Fix, Found, ScriptRule
from sroute.linter.subject import Subject
from sroute.source.text import Span

_LOOKS = re.compile(r"#(\s*!?\s*)(ifdef|ifndef|endif|else|define|include_file|import_file|subst|substdef|trydef|redefine)\b(.*)", re.DOTALL)
NAMED = frozenset(["ifdef", "ifndef", "define", "subst", "substdef", "trydef", "redefine"])


class NotADirective(ScriptRule):
    """A comment looks like a directive.

    Directives begin with `#!` at the beginning of the line. `#ifdef`, `# !define` are comments, so what was meant to be conditional
    is always there.
    """

    code = "PP005"
    bad = (
        Bad(
            "#!KAMAILIO\n#define WITH_TLS\nrequest_route { exit; }",
            ("#define WITH_TLS",),
            "#!KAMAILIO\n#!define WITH_TLS\nrequest_route { exit; }",
        ),
        Bad(
            "#!KAMAILIO\n# !define WITH_TLS\nrequest_route { exit; }",
            ("# !define WITH_TLS",),
            "#!KAMAILIO\n#!define WITH_TLS\nrequest_route { exit; }",
        ),
    )
    good = ("#!KAMAILIO\n#!define WITH_TLS\nrequest_route { exit; }", "#!KAMAILIO\n# define the flags here\nrequest_route { exit; }")

    def check(self, subject: Subject) -> Iterator[Found]:
        """Comments at the beginning of a line that only lack the `!`, or have blanks in it."""
        for source in subject.sources:
            for span in line_comments(source):
                match = _LOOKS.fullmatch(span.text())
                if match is None or span.begin.column != 1 or not _meant(match):
                    continue
                head = Span(source, span.start, span.start + match.end(1))
                yield Found(span, f"this is a comment, not #!{match[2]}", f"write #!{match[2]}", Fix("add the !", (Edit(head, "#!"),)))


def _meant(match: re.Match[str]) -> bool:
    blanks, word, rest = match[1], match[2], match[3].strip()
    if blanks and "!" not in blanks:
        return False
    if word in NAMED:
        return bool(re.fullmatch(r'[A-Za-z_]\w*(?:\s+("[^"]*"|[\w.-]+))?|"[^"]+"', rest))
    return not rest or rest.startswith('"')
