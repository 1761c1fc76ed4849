"""Files of rules: `"^sip:alice@" : ALL EXCEPT "^sip:0900"` (who, and what they ask for)."""

from collections.abc import Callable
from dataclasses import dataclass

from sroute.runtime.regex import BadPattern, Search, searcher

LINE = 500
"""What is longer is read as several lines."""
_EXCEPT = " EXCEPT "
_BLANK = " \t\r\n"


class BadLineError(Exception):
    """A line that is no rule."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One side of a rule: any text (None) or what matches one of several patterns, but for what matches an exception."""

    patterns: tuple[Search, ...] | None
    exceptions: tuple[Search, ...] = ()

    def matches(self, text: str) -> bool:
        """Whether a text is meant."""
        if self.patterns is not None and not any(search(text) for search in self.patterns):
            return False
        return not any(search(text) for search in self.exceptions)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who (left) and what (right)."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The rules of a file, in order; those of a file that is not there are none."""

    rules: tuple[Rule, ...] = ()

    def search(self, left: str, right: str) -> bool:
        """Whether a rule means this."""
        return any(rule.left.matches(left) and rule.right.matches(right) for rule in self.rules)


class RuleTables:
    """The files that have been read, as Kamailio keeps them: numbered, one table of what is allowed and one of what is denied.

    5.6.3 counts on when a file of denials is read; a file of what is allowed that comes alone is overwritten by the next one.
    """

    __slots__ = ("_allow", "_count", "_deny", "_read")

    def __init__(self, read: Callable[[str], RuleFile]) -> None:
        """read gives the rules of a file."""
        self._read = read
        self._allow: dict[int, tuple[str, RuleFile]] = {}
        self._deny: dict[int, tuple[str, RuleFile]] = {}
        self._count = 0

    def allow(self, name: str) -> int:
        """The number of a file of what is allowed, read if it has not been."""
        known = self.number(name, self._allow)
        if known is None:
            known = self._count
            self._allow[known] = (name, self._read(name))
        return known

    def deny(self, name: str) -> int:
        """The number of a file of what is denied, read if it has not been."""
        known = self.number(name, self._deny)
        if known is None:
            known = self._count
            self._deny[known] = (name, self._read(name))
            self._count += 1
        return known

    def number(self, name: str, table: dict[int, tuple[str, RuleFile]] | None = None) -> int | None:
        """The number under which a file has been read; without a table among those of what is allowed."""
        found = self._allow if table is None else table
        return next((number for number, (known, _) in found.items() if known == name), None)

    def pair(self, number: int) -> tuple[RuleFile, RuleFile]:
        """What is allowed and what is denied under a number."""
        return self._allow.get(number, ("", NO_RULES))[1], self._deny.get(number, ("", NO_RULES))[1]


NO_RULES = RuleFile()


def parse(text: str) -> tuple[RuleFile, list[str]]:
    """The rules of a text, and the lines that are none."""
    found: list[Rule] = []
    bad: list[str] = []
    for line in _lines(text):
        try:
            rule = _rule(line)
        except BadLineError:
            bad.append(line)
        else:
            if rule is not None:
                found.append(rule)
    return RuleFile(tuple(found)), bad


def _lines(text: str) -> list[str]:
    whole = text.split("\n")
    return [line[at : at + LINE - 1] for line in whole for at in range(0, max(len(line), 1), LINE - 1)]


def _rule(line: str) -> Rule | None:
    content, colon = _content(line)
    if not content.strip(_BLANK):
        return None
    left, right = content[: max(colon, 0)], content[colon + 1 :]
    if colon < 0:
        raise BadLineError
    return Rule(_expression(left), _expression(right))


def _content(line: str) -> tuple[str, int]:
    """A line without its comment, and the offset of its first colon outside quotes."""
    quoted, colon = False, -1
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == "#" and not quoted:
            return line[:at], colon
        elif char == ":" and not quoted and colon < 0:
            colon = at
    return line, colon


def _expression(text: str) -> Expression:
    first, separator, second = text.strip(_BLANK).partition(_EXCEPT)
    if separator:
        return Expression(_patterns(first), _patterns(second) or ())
    return Expression(_patterns(text))


def _patterns(text: str) -> tuple[Search, ...] | None:
    """The patterns of a list; None for ALL."""
    if text.strip(_BLANK) == "ALL":
        return None
    return tuple(_pattern(part) for part in _parts(text))


def _parts(text: str) -> list[str]:
    """A list cut at the commas outside quotes."""
    parts, quoted, begin = list[str](), False, 0
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            parts.append(text[begin:at])
            begin = at + 1
    return [*parts, text[begin:]]


def _pattern(text: str) -> Search:
    bare = text.strip(_BLANK).removeprefix('"').removesuffix('"')
    if not bare:
        raise BadLineError
    try:
        return searcher(bare)
    except BadPattern:
        raise BadLineError from None
