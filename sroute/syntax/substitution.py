"""`#!subst` and `#!substdef`: a sed-like rule that rewrites later strings, variables and include file names."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.source.posix.errors import BadPattern, MatchLimitError
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import Finder, finder
from sroute.source.posix.walk import Spans

Evaluate = Callable[[str], str]
_SPECIAL = {"n": "\n", "r": "\r", "t": "\t"}


class BadRule(Exception):
    """A rule that Kamailio does not take; the text says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A substitution: name and value are the raw parts, for `#!substdef`."""

    name: str
    value: str
    pattern: Finder
    everywhere: bool

    def apply(self, text: str, evaluate: Evaluate) -> str:
        """Replace the first match, or all with the flag g; variables in the value are evaluated each time."""
        out: list[str] = []
        at = 0
        try:
            while found := self.pattern.find(text, at, at > 0):
                start, end = found[0]
                out += [text[at:start], self._replacement(text, found, evaluate)]
                if start == end:
                    return text  # Kamailio: "Matched string is empty, invalid regexp?"
                at = end
                if not self.everywhere:
                    break
        except MatchLimitError:
            return text
        return "".join([*out, text[at:]]) if out else text

    def _replacement(self, text: str, found: Spans, evaluate: Evaluate) -> str:
        out: list[str] = []
        chars = iter(self.value)
        for char in chars:
            if char == "\\":
                char = next(chars, "")
                if char.isdigit():
                    group = int(char)
                    start, end = found[group] if group < len(found) else (0, 0)
                    out.append(text[max(start, 0) : max(end, 0)])
                    continue
                char = _SPECIAL.get(char, char)
            out.append(char)
        made = "".join(out)
        return evaluate(made) if "$" in made else made


def parse_rule(text: str) -> Rule:
    """A rule from `/regex/replacement/flags`; the first character is the separator.

    Raises BadRule when a part is missing or wrong.
    """
    if not text or text[0] == "\\":
        raise BadRule("the rule has no separator" if not text else "a backslash can't be the separator")
    separator = text[0]
    ends = [at for at in range(1, len(text)) if text[at] == separator and text[at - 1] != "\\"]
    if len(ends) < 2:
        raise BadRule(f"a {separator} is missing: {separator}name{separator}value{separator}g")
    name, value, flags = text[1 : ends[0]], text[ends[0] + 1 : ends[1]], text[ends[1] + 1 :]
    for flag in flags:
        if flag not in "gis":
            raise BadRule(f"unknown flag {flag!r}: g (every match), i (ignore case) and s (^ and $ only at the ends) are known")
    try:
        pattern = finder(name, Flags(icase="i" in flags, newline="s" not in flags))
    except (BadPattern, MatchLimitError) as error:
        raise BadRule(f"bad regular expression: {error}") from None
    return Rule(name, value, pattern, "g" in flags)
