"""Compiles a pattern for the cheapest engine that is safe for it.

- Python's `re` where backtracking can't get out of hand; where spans are wanted, only if the first match that it finds is
  the one that glibc gives.
- RE2 where `re` could take too long and only yes or no is asked.
- Our own automaton where spans are wanted that `re` would see differently, or where RE2 refuses the pattern.
- Our own backtracking, with a step limit, for back-references that `re` could not handle safely.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sroute.source.posix import charsets, cost, engines
from sroute.source.posix.lines import crosses_lines
from sroute.source.posix.nodes import (
    Assertion,
    BackReference,
    Expression,
    Flags,
    Group,
    Node,
    OneOf,
    Place,
    Repeat,
    Sequence,
    nodes,
    places,
)
from sroute.source.posix.parse import parse
from sroute.source.posix.simplify import simplify, trim_end
from sroute.source.posix.walk import Spans

Engine = Literal["re", "re2", "own"]

PLAIN = Flags()
_PATIENCE = 500_000  # steps that `re` may take in the worst case, about 5 ns each
_MOST_WAYS = 50
_SHORTEST = 32
_LONG_COUNT = 16


@dataclass(frozen=True, slots=True)
class Matcher:
    """A pattern that answers yes or no: `search(text)` is true when it matches anywhere. A text holds no NUL.

    engine is what a text of up to `limit` characters is searched with (None: any text); longer ones take a safer one.
    """

    pattern: str
    flags: Flags
    engine: Engine
    limit: int | None
    search: engines.Search


@dataclass(frozen=True, slots=True)
class Finder:
    """A pattern that says where it matched and what its groups took. A text holds no NUL.

    `find(text, start, notbol)` gives the spans of the first match at or behind `start`: of the whole and of each group,
    (-1, -1) for a group that took no part. What stands before `start` is not seen (`\\b` takes the start for that of the
    text); with notbol `^` does not match there. `find_all(text)` gives the matches one after the other as a program finds
    them that goes on with notbol behind each, up to the first empty one. engine and limit are as in Matcher.
    """

    pattern: str
    flags: Flags
    engine: Engine
    limit: int | None
    groups: int
    find: engines.Find
    find_all: engines.FindAll


@lru_cache(maxsize=1024)
def matcher(pattern: str, flags: Flags = PLAIN) -> Matcher:
    """Compiles for yes or no. BadPattern where regcomp() fails; MatchLimitError where the pattern is nested too deeply."""
    return compiled(parse(pattern, flags), pattern, flags)


def compiled(expression: Expression, pattern: str, flags: Flags) -> Matcher:
    """Compiles a pattern that has been read, POSIX or another that can be said in the same nodes."""
    root = expression.root
    own = engines.Own(expression, flags)
    if _crosses_lines(root, flags):
        return Matcher(pattern, flags, "own", None, own.search)
    slow: engines.Search = own.search
    safer: Engine = "own"
    if not _refers_back(root):
        root = simplify(root, newline=flags.newline)
        slow, safer = engines.Late(root, flags, own).search, "re2"
    elif _lost_groups(root, expression.groups):
        return Matcher(pattern, flags, "own", None, own.search)
    limit = _safe_length(root, flags)
    if limit is not None and limit < _SHORTEST:
        return Matcher(pattern, flags, safer, None, slow)
    quick = engines.python(root, flags).search
    if limit is None:
        return Matcher(pattern, flags, "re", None, quick)
    longest = limit
    return Matcher(pattern, flags, "re", limit, lambda text: quick(text) if len(text) <= longest else slow(text))


@lru_cache(maxsize=1024)
def finder(pattern: str, flags: Flags = PLAIN) -> Finder:
    """Compiles for spans. BadPattern where regcomp() fails; MatchLimitError where the pattern is nested too deeply."""
    expression = parse(pattern, flags)
    root = expression.root
    own = engines.Own(expression, flags)
    limit = _safe_length(root, flags)
    if (limit is not None and limit < _SHORTEST) or _lost_groups(root, expression.groups) or not _first_is_right(root, flags):
        return Finder(pattern, flags, "own", None, expression.groups, own.find, own.find_all)
    quick = engines.python_find(root, flags)
    if limit is None:
        return Finder(pattern, flags, "re", None, expression.groups, quick, engines.repeated(quick))
    longest = limit
    all_quick = engines.repeated(quick)

    def find(text: str, start: int, notbol: bool) -> Spans | None:
        return (quick if len(text) - start <= longest else own.find)(text, start, notbol)

    def find_all(text: str) -> Iterator[Spans]:
        return (all_quick if len(text) <= longest else own.find_all)(text)

    return Finder(pattern, flags, "re", limit, expression.groups, find, find_all)


def _refers_back(root: Node) -> bool:
    return any(isinstance(node, BackReference) for node in nodes(root))


def _lost_groups(root: Node, groups: int) -> bool:
    """Whether a {0} removed groups: they still count, and other engines can't number the rest around them."""
    return sum(isinstance(node, Group) for node in nodes(root)) != groups


def _crosses_lines(root: Node, flags: Flags) -> bool:
    return not flags.newline and crosses_lines(root)


def _ends(flags: Flags, line: Place, text: Place) -> frozenset[Place]:
    """The assertions that hold at that end of the text only."""
    return frozenset({text} if flags.newline else {text, line})


def _safe_length(root: Node, flags: Flags) -> int | None:
    """The longest text that `re` may search for the pattern; None is any, 0 none."""
    heads = cost.Heads()
    estimate = cost.estimate(root, heads)
    if estimate.ways is None:
        return 0
    degree = max(estimate.degree, 1)
    if not cost.begins_text(root, _ends(flags, Place.LINE_START, Place.TEXT_START)) and _restarts(root, heads):
        degree += 1
    if degree == 1 and estimate.ways <= _MOST_WAYS:
        return None
    return int((_PATIENCE / estimate.ways) ** (1 / degree))


def _restarts(root: Node, heads: cost.Heads) -> bool:
    """Whether a search that fails may begin anew within the text that a repetition went through (not one at the end)."""
    root = trim_end(root)
    head = heads.of(root)
    long = [node.body for node in nodes(root) if isinstance(node, Repeat) and (node.high is None or node.high > _LONG_COUNT)]
    taken = cost.union(heads.of(node).first for body in long for node in nodes(body))
    return bool(long) and (head.empty or bool(head.first & taken))


def _first_is_right(root: Node, flags: Flags) -> bool:
    """Whether the first match that a backtracking engine finds is the longest, with the groups that glibc gives."""
    if _crosses_lines(root, flags) or _refers_back(root):
        return False
    heads = cost.Heads()
    estimate = cost.estimate(root, heads)
    if not estimate.exact or estimate.settled:
        return estimate.exact
    if places(_inside(root)):
        return False
    if cost.same_length(root) is not None or cost.one_loop(root, heads):
        return True
    if flags.newline and not any(isinstance(node, OneOf) and node.chars & charsets.NEWLINE for node in nodes(root)):
        # A match within one line can be taken to the end of that line.
        return cost.runs_to_end(root, frozenset({Place.LINE_END}), charsets.ALL & ~charsets.NEWLINE)
    return cost.runs_to_end(root, _ends(flags, Place.LINE_END, Place.TEXT_END), charsets.ALL)


def _inside(root: Node) -> Node:
    """The pattern without an assertion at either end."""
    parts = root.parts if isinstance(root, Sequence) else (root,)
    first = 1 if isinstance(parts[0], Assertion) else 0
    last = 1 if len(parts) > first and isinstance(parts[-1], Assertion) else 0
    return Sequence(parts[first : len(parts) - last])
