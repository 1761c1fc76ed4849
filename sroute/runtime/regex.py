"""Regular expressions with the flags that Kamailio's core uses (language reference 4.3 and 5.4)."""

from sroute.source.posix.errors import BadPattern, MatchLimitError
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import Matcher, matcher

MATCH = Flags(icase=True)
"""`=~`: extended, without regard to case, no lines."""
CASE = Flags()
"""`case /"re":`: extended, with regard to case."""


def compile_match(pattern: str) -> Matcher:
    """The pattern of `=~`.

    Raises BadPattern.
    """
    return matcher(pattern, MATCH)


def compile_case(pattern: str) -> Matcher:
    """The pattern of `case /"re":`.

    Raises BadPattern.
    """
    return matcher(pattern, CASE)


__all__ = ["BadPattern", "MatchLimitError", "compile_case", "compile_match"]
