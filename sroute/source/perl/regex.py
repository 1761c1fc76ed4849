"""Compiles a pattern for an engine that is safe for it: those for POSIX patterns where it is regular, else our own with a step limit."""

from collections.abc import Callable
from functools import lru_cache

from sroute.source.perl.machine import Machine
from sroute.source.perl.nodes import Flags
from sroute.source.perl.parse import parse
from sroute.source.perl.regular import regular
from sroute.source.posix.nodes import Expression
from sroute.source.posix.nodes import Flags as PlainFlags
from sroute.source.posix.regex import compiled

_BY_LINES = PlainFlags(newline=True)


@lru_cache(maxsize=512)
def searcher(pattern: str, flags: Flags) -> Callable[[str], object]:
    """The yes or no of a pattern for any text; it raises MatchLimitError where a search takes too long.

    BadPattern where libpcre refuses the pattern, UnsupportedPatternError where sroute does not know a part of it.
    """
    parsed = parse(pattern, flags)
    plain = regular(parsed.root)
    if plain is not None:
        return compiled(Expression(plain, 0), pattern, _BY_LINES).search
    return Machine(parsed).search
