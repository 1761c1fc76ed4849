"""What an input came to, as data: how it looks is said in `show`."""

from dataclasses import dataclass, field

from sroute.exports.describe import Description
from sroute.runtime.values import Value
from sroute.source.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Result:
    """The value of an expression."""

    value: Value


@dataclass(frozen=True, slots=True)
class Returned:
    """The return code of a statement that is a call, and how the statement left where it did."""

    code: int | None
    how: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A line for people; quiet ones are for a terminal only."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """The input was not understood or was refused."""

    finding: Diagnostic


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: title, column heads, rows of values."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree."""

    label: str
    below: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class Sip:
    """A message laid out; changed says that pending changes are written into it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text of the script; mark is the number of a line that is shown as the current one."""

    text: str
    first: int = 1
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A message between two ends of a ladder."""

    source: str
    destination: str
    label: str
    incoming: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """The message flow so far."""

    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Doc:
    """What is known about a name."""

    found: tuple[Description, ...]


Part = Result | Returned | Note | Problem | Rows | Branch | Sip | Code | Ladder | Doc


@dataclass(slots=True)
class Outcome:
    """All that one input came to, in order; leave says that the session is over."""

    parts: list[Part] = field(default_factory=list)
    failed: bool = False
    leave: bool = False

    def add(self, part: Part) -> None:
        """Adds a part."""
        self.parts.append(part)
        self.failed |= isinstance(part, Problem)
