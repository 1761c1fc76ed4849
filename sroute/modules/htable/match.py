"""How items are chosen by name or value: the operators of functions, and the expressions of `$shtcn` and `$shtcv`."""

import re
from collections.abc import Callable, Iterable

from sroute.modules.htable.table import Item, Table
from sroute.source.posix.errors import BadPattern
from sroute.source.posix.nodes import Flags
from sroute.source.posix.regex import matcher

Test = Callable[[str], object]
"""A test of a name or a string value, by the truth of what it gives."""

ALL = "**"
"""What counts all items; Kamailio adds the sizes of the slots without locking them."""
_FLAGS = Flags(icase=True, newline=True)
_LEADING = re.compile(r"[+-]?[0-9]+").match


class BadExpressionError(Exception):
    """What Kamailio logs: a bad regular expression, or an operator that it does not know; level is that of the line."""

    def __init__(self, text: str, level: str = "ERROR") -> None:
        """text without the module's prefix."""
        super().__init__(text)
        self.level = level


def matches(pattern: str) -> Test:
    """A regular expression: extended, without regard to case, `^` and `$` at every line.

    Raises BadExpressionError.
    """
    try:
        search = matcher(pattern, _FLAGS).search
    except BadPattern:
        raise BadExpressionError(f"bad re {pattern}") from None
    return lambda text: search(text) if "\0" not in text else search(text[: text.index("\0")])


def deletions(*, newer: bool) -> tuple[str, ...]:
    """The operators of sht_rm_name and sht_rm_value."""
    return ("re", "sw", "ew", "in") if newer else ("re", "sw")


def deletion(operator: str, text: str, *, newer: bool) -> Test:
    """The test of sht_rm_name and sht_rm_value.

    Raises BadExpressionError.
    """
    match operator:
        case "re":
            return matches(text)
        case "sw":
            return lambda name: name.startswith(text)
        case "ew" if newer:
            return lambda name: name.endswith(text)
        case "in" if newer:
            return lambda name: text in name
        case _:
            raise BadExpressionError(f"unsupported match operator: {operator}", "WARNING")


def question(operator: str, text: str) -> Test:
    """The test of sht_match_name and sht_match_str_value.

    Raises BadExpressionError.
    """
    match operator:
        case "eq":
            return lambda name: name == text
        case "ne":
            return lambda name: name != text
        case "re":
            return matches(text)
        case "sw":
            return lambda name: name.startswith(text)
        case _:
            raise BadExpressionError(f"unsupported match operator: {operator}", "WARNING")


def text_test(expression: str) -> Test | None:
    """The test of a counting expression on texts; None where it counts nothing.

    Raises BadExpressionError.
    """
    operator, rest = expression[:2], expression[2:]
    if operator in ("~~", "~%", "%~", "==", "eq"):
        if not rest or operator == "eq":
            return None
        match operator:
            case "~~":
                return matches(rest)
            case "~%":
                return lambda text: text.endswith(rest)
            case "%~":
                return lambda text: text.startswith(rest)
            case _:
                return lambda text: text == rest
    return matches(expression) if expression else None


def wanted_integer(expression: str) -> int | None:
    """The number behind `eq` in an expression of `$shtcv`: what does not begin with digits is 0; None for other expressions."""
    if not expression.startswith("eq") or len(expression) == 2:
        return None
    number = _LEADING(expression[2:])
    return int(number[0][:40]) if number else 0


def count_names(table: Table, expression: str, *, living: bool) -> int:
    """What `$shtcn` reads. living: expired items that the timer has not taken are not counted.

    Raises BadExpressionError.
    """
    if expression.startswith(ALL):
        return len(table.values)
    test = text_test(expression)
    if test is None:
        return 0
    return _passed(test, _keys(table, living=living))


def count_values(table: Table, expression: str, *, living: bool) -> int:
    """What `$shtcv` reads: `eq` looks at integers, all others at strings.

    Raises BadExpressionError.
    """
    if expression.startswith(ALL):
        return len(table.values)
    integer = wanted_integer(expression)
    if integer is not None:
        return sum(value == integer for value in _values(table, living=living))
    test = text_test(expression)
    if test is None:
        return 0
    return _passed(test, [value for value in _values(table, living=living) if isinstance(value, str)])


def some_expired(table: Table) -> bool:
    """Whether there are expired items that the timer has not taken."""
    now = table.now()
    return min(filter(None, table.expiries.values()), default=now) < now


def _keys(table: Table, *, living: bool) -> Iterable[str]:
    return [key for key in table.values if not table.expired(key)] if living and table.expiries else table.values


def _values(table: Table, *, living: bool) -> Iterable[Item]:
    return map(table.values.__getitem__, _keys(table, living=living))


def _passed(test: Test, texts: Iterable[str]) -> int:
    return sum(1 for _ in filter(test, texts))
