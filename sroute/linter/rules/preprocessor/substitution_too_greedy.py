"""PP014."""

from collections.abc import Iterator

from sroute.linter.directives import SUBSTITUTES, directives
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.subject import Subject

SHORTEST = 3


class SubstitutionTooGreedy(ScriptRule):
    """A substitution replaces a text of one or two letters.

    It works on every string of the script that follows: names of modules and parameters, log texts, variables. Use a word that
    occurs nowhere else, in capitals with a mark around it.
    """

    code = "PP014"
    bad = (Bad('#!KAMAILIO\n#!substdef "!A!x!g"\nrequest_route { exit; }', ('"!A!x!g"',)),)
    good = ('#!KAMAILIO\n#!substdef "!MY_IP!10.0.0.1!g"\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Tokens of letters that are shorter than three."""
        for each in subject.once(directives):
            token = pattern(each.rest) if each.word in SUBSTITUTES else None
            if token and len(token) < SHORTEST and token.isalnum():
                yield Found(each.rest_span, f"this replaces every {token} in all strings that follow")


def pattern(rule: str) -> str | None:
    """What the text of a rule looks for."""
    text = rule.strip().strip('"')
    parts = text[1:].split(text[0]) if text else []
    return parts[0] if len(parts) >= 2 else None
