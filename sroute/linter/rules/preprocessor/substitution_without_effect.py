"""PP015."""

from collections.abc import Iterator

from sroute.linter.directives import SUBSTITUTES, directives
from sroute.linter.rule import Bad, Found, ScriptRule
from sroute.linter.rules.preprocessor.substitution_too_greedy import pattern
from sroute.linter.subject import Subject


class SubstitutionWithoutEffect(ScriptRule):
    """A substitution replaces nothing.

    The word that it looks for occurs nowhere else.
    """

    code = "PP015"
    severity = "info"
    bad = (Bad('#!KAMAILIO\n#!substdef "!MY_IP!10.0.0.1!g"\nrequest_route { exit; }', ('"!MY_IP!10.0.0.1!g"',)),)
    good = ('#!KAMAILIO\n#!substdef "!MY_IP!10.0.0.1!g"\nlisten=udp:MY_IP:5060\nrequest_route { exit; }',)

    def check(self, subject: Subject) -> Iterator[Found]:
        """Words that occur once in all files."""
        if subject.circumstances.fragment:
            return
        for each in subject.once(directives):
            token = pattern(each.rest) if each.word in SUBSTITUTES else None
            if token and token.replace("_", "").isalnum() and sum(source.text.count(token) for source in subject.sources) == 1:
                yield Found(each.rest_span, f"{token} occurs nowhere else")
