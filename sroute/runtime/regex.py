"""What Kamailio does with regular expressions: which flags it gives regcomp() in which place (5.6.3).

The matching itself, the same as glibc's, is in `sroute.source.posix`; substitutions (`/re/replacement/flags`) are in
`sroute.source.posix.substitution`.
"""

from sroute.source.posix.engines import Search
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import Finder, Matcher, finder, matcher

__all__ = ["CASE", "EQUALS", "PARAMETER", "BadPattern", "Finder", "Matcher", "Search", "c_string", "finder", "matcher", "searcher"]

EQUALS = Flags(icase=True)
"""The operator `=~`: letters without case; a newline is a character like others."""

CASE = Flags()
"""`case /"re":` of a switch: as `=~`, but with case."""

PARAMETER = Flags(icase=True, newline=True)
"""Expressions in parameters of functions (`search()`, `remove_hf_re()`, `sht_rm_name_re()`): without case, by lines."""


def c_string(text: str) -> str:
    """A text as the C library sees it: up to the first NUL, behind which nothing is ever matched."""
    return text.partition("\0")[0]


def searcher(pattern: str, flags: Flags = EQUALS) -> Search:
    """The yes or no of a pattern (by default that of `=~`) for any text.

    Raises BadPattern.
    """
    search = matcher(c_string(pattern), flags).search

    def found(text: str) -> object:
        return search(text if "\0" not in text else c_string(text))

    return found
