"""Reads a POSIX extended regular expression with the GNU extras, as glibc's regcomp(REG_EXTENDED) does in the C locale.

Oddities of glibc that are kept here: a repetition at the start of an expression, group or branch, or behind an anchor, is
refused (`a|*b`, `^*`); a `)` without `(` is an ordinary character; `{,3}` is `{0,3}`; an anchor counts everywhere; without
regard to case a letter behind a backslash keeps the case in which it is written while everything else becomes upper case,
so that `\\d` matches nothing and `\\D` a d of either case.
"""

from sroute.source.posix import charsets
from sroute.source.posix.brackets import BracketReader
from sroute.source.posix.errors import BadPattern, MatchLimitError
from sroute.source.posix.nodes import (
    Assertion,
    BackReference,
    Choice,
    Empty,
    Expression,
    Flags,
    Group,
    Node,
    OneOf,
    Place,
    Repeat,
    Sequence,
)

REPEAT_LIMIT = 32767
NESTING_LIMIT = 100

_NAMED_PLACES = {place.value[1]: place for place in Place if len(place.value) == 2}
_NAMED_SETS = {"w": charsets.WORD, "W": charsets.ALL & ~charsets.WORD, "s": charsets.SPACE, "S": charsets.ALL & ~charsets.SPACE}
_STARS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def parse(pattern: str, flags: Flags) -> Expression:
    """The tree of a pattern; BadPattern where regcomp() refuses it, MatchLimitError where it is nested too deeply."""
    reader = _Reader(pattern, flags)
    root = reader.choice(0)
    return Expression(root, reader.groups)


class _Reader:
    """Recursive descent over the pattern; `closed` are the groups that a back-reference may name at this place."""

    __slots__ = ("at", "closed", "flags", "groups", "pattern")

    def __init__(self, pattern: str, flags: Flags) -> None:
        self.pattern = pattern
        self.flags = flags
        self.at = 0
        self.groups = 0
        self.closed: frozenset[int] = frozenset()

    def choice(self, depth: int) -> Node:
        """Branches up to the end of the pattern or of the group. A branch can't refer to groups of the branches beside it."""
        if depth > NESTING_LIMIT:
            raise MatchLimitError(f"regular expression with more than {NESTING_LIMIT} nested groups")
        before = closed = self.closed
        branches = []
        while True:
            branches.append(self._branch(depth))
            closed |= self.closed
            if self._here() != "|":
                break
            self.at += 1
            self.closed = before
        self.closed = closed
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _here(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _branch(self, depth: int) -> Node:
        parts: list[Node] = []
        while (char := self._here()) and char != "|" and not (char == ")" and depth):
            part = self._repeated(depth)
            if not isinstance(part, Empty):
                parts.append(part)
        if len(parts) > 1:
            return Sequence(tuple(parts))
        return parts[0] if parts else Empty()

    def _repeated(self, depth: int) -> Node:
        begin = self.at
        node = self._atom(depth)
        anchored = isinstance(node, Assertion)
        count = 0
        while (char := self._here()) and char in "*+?{":
            if anchored:
                raise BadPattern("nothing to repeat", self.at)
            low, high = _STARS[char] if char != "{" else (0, 0)
            self.at += 1
            if char == "{":
                low, high = self._interval()
            count += 1
            if depth + count > NESTING_LIMIT:
                raise MatchLimitError(f"regular expression with more than {NESTING_LIMIT} nested repetitions at {begin}")
            node = _repeat(node, low, high)
        return node

    def _atom(self, depth: int) -> Node:
        begin = self.at
        char = self.pattern[begin]
        if char in "*+?{":
            raise BadPattern("nothing to repeat", begin)
        if char == "[":
            brackets = BracketReader(self.pattern, begin, self.flags)
            chars = brackets.read()
            self.at = brackets.at
            return OneOf(chars)
        self.at += 1
        match char:
            case "(":
                return self._group(begin, depth)
            case "\\":
                return self._escape()
            case ".":
                return OneOf(charsets.ALL & ~charsets.NEWLINE if self.flags.newline else charsets.ALL)
            case "^":
                return Assertion(Place.LINE_START)
            case "$":
                return Assertion(Place.LINE_END)
            case _:
                return self._literal(char.upper() if self.flags.icase and "a" <= char <= "z" else char)

    def _literal(self, char: str) -> OneOf:
        chars = 1 << ord(char)
        return OneOf(charsets.fold(chars) if self.flags.icase else chars)

    def _group(self, begin: int, depth: int) -> Node:
        self.groups += 1
        number = self.groups
        body = self.choice(depth + 1)
        if self._here() != ")":
            raise BadPattern("( without )", begin)
        self.at += 1
        self.closed |= {number}
        return Group(number, body)

    def _escape(self) -> Node:
        char = self._here()
        if not char:
            raise BadPattern("backslash at the end", self.at - 1)
        self.at += 1
        if char in _NAMED_PLACES:
            return Assertion(_NAMED_PLACES[char])
        if char in _NAMED_SETS:
            return OneOf(_NAMED_SETS[char])
        if char in "123456789":
            if int(char) not in self.closed:
                raise BadPattern(f"no group {char} before the back-reference", self.at - 2)
            return BackReference(int(char))
        return self._literal(char)

    def _interval(self) -> tuple[int, int | None]:
        """The bounds of an interval, read from behind its opening brace."""
        begin = self.at - 1
        low, ended = self._bound(begin)
        if ended and low is None:
            raise BadPattern("empty {}", begin)
        low = low or 0
        high: int | None = low
        if not ended:
            high, ended = self._bound(begin)
        if not ended or (high is not None and high < low):
            raise BadPattern("invalid content of {}", begin)
        if max(low, high or 0) > REPEAT_LIMIT:
            raise BadPattern(f"more than {REPEAT_LIMIT} repetitions", begin)
        return low, high

    def _bound(self, begin: int) -> tuple[int | None, bool]:
        """The number before the next comma or closing brace (None when there is none), and whether the brace came."""
        number: int | None = None
        good = True
        while char := self._here():
            self.at += 1
            escaped = char == "\\"
            if escaped:
                char = self._here()
                self.at += 1
            if (char == "}" and not escaped) or char == ",":
                if not good:
                    raise BadPattern("invalid content of {}", begin)
                return number, char == "}"
            if "0" <= char <= "9" and not (escaped and char != "0"):
                number = min((number or 0) * 10 + int(char), REPEAT_LIMIT + 1)
            else:
                good = False
        raise BadPattern("{ without }", begin)


def _repeat(body: Node, low: int, high: int | None) -> Node:
    """A repetition; what is repeated zero times is not there, and repeating nothing is nothing."""
    if isinstance(body, Empty) or high == 0:
        return Empty()
    return Repeat(body, low, high)
