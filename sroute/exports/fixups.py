"""Fixups: how the text of an argument turns into a value.

As in Kamailio, an argument is text. A fixup looks at it in two steps: `parse` when names are resolved (nothing but
declarations is known; it reports mistakes) and `bind` when an instance is made (module states exist). The result is a
constant, or a reader that gives the value for each run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sroute.dialect import Dialect
from sroute.exports.select import Family
from sroute.exports.variable import Pv
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import parse_int
from sroute.source.text import Span

P = TypeVar("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class FixupError(Exception):
    """An argument that the function (or variable, or parameter) does not take.

    code is that of the finding where it has one of its own; hint is for the user.
    """

    def __init__(self, message: str, code: str = "", hint: str | None = None) -> None:
        """message says why, in a few words."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.span: Span | None = None
        """The argument, where it is known."""


@dataclass(frozen=True, slots=True)
class Constant(Generic[T_co]):
    """An argument that is the same in every run."""

    value: T_co


Arg = Constant[T] | Callable[[Run], T]


class Names(Protocol):
    """What is known before anything runs."""

    dialect: Dialect
    defines: Mapping[str, str | None]
    """The preprocessor's names at the end of the script, with their texts."""

    def pv(self, text: str) -> Pv:
        """The pseudo-variable of exactly that text.

        Raises FixupError.
        """

    def avp(self, name: str) -> Pv:
        """The AVP of a name as it stands, whatever characters it has."""

    def select_family(self, name: str, *, late: bool) -> Family | None:
        """What reads the selects of a loaded module that begin with that name; late: also those that its initialisation adds."""

    def select(self, path: str) -> Pv:
        """The value of a select, written without its @.

        Raises FixupError.
        """

    def format(self, text: str) -> "tuple[str | Pv, ...]":
        """A format string in its pieces.

        Raises FixupError.
        """

    def has_route(self, kind: Routes, name: str) -> bool:
        """Whether the script has that block."""

    def flag(self, name: str) -> int | None:
        """The number of a declared flag."""


class Scope(Protocol):
    """What is known when an instance binds its script."""

    @property
    def names(self) -> Names:
        """The names in force."""

    @property
    def services(self) -> Services:
        """The instance."""

    def read(self, pv: Pv) -> Read:
        """The reader of a variable."""

    def write(self, pv: Pv) -> Write:
        """The writer of a variable.

        Raises FixupError when it is read-only.
        """

    def text(self, pieces: "tuple[str | Pv, ...]") -> "Arg[str]":
        """The text of a format: null prints `<null>`."""

    def every_pv(self) -> Sequence[Pv]:
        """The variables that the script names, in expressions and then in arguments of functions."""


class Fixup(Protocol[P, T_co]):
    """One kind of argument."""

    @property
    def form(self) -> str:
        """How it is written, in a word or two, for signatures: `format`, `int`, `variable`, `regex`."""

    def parse(self, text: str, names: Names) -> P:
        """Checks the text and takes it apart.

        Raises FixupError.
        """

    def bind(self, parsed: P, scope: Scope) -> "Arg[T_co]":
        """The value, or what reads it in a run."""


AnyFixup = Fixup[Any, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """Text as it is; variables in it are not expanded."""

    form: str = "text"

    def parse(self, text: str, names: Names) -> str:
        """Any text."""
        return text

    def bind(self, parsed: str, scope: Scope) -> Arg[str]:
        """A constant."""
        return Constant(parsed)


@dataclass(frozen=True, slots=True)
class Format:
    """Text in which variables are expanded at each call; null prints `<null>`."""

    form: str = "format"

    def parse(self, text: str, names: Names) -> "tuple[str | Pv, ...]":
        """The pieces of the format."""
        return names.format(text)

    def bind(self, parsed: "tuple[str | Pv, ...]", scope: Scope) -> Arg[str]:
        """The expanded text."""
        return scope.text(parsed)


@dataclass(frozen=True, slots=True)
class Integer:
    """A number in decimal, or one variable that holds one (Kamailio's fixup_igp); an empty text is 0."""

    form: str = "int"

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        if text.startswith("$"):
            return names.pv(text)
        number = parse_int(text or "0") if text[:2].lower() != "0x" else None
        if number is None:
            raise FixupError(f"{text!r} is no number")
        return number

    def bind(self, parsed: int | Pv, scope: Scope) -> Arg[int]:
        """The number; a variable without one reads as 0."""
        if isinstance(parsed, int):
            return Constant(parsed)
        read = scope.read(parsed)

        def number(run: Run) -> int:
            value = read(run)
            if value.__class__ is int:
                return value
            return parse_int(str(value or "")) or 0

        return number


@dataclass(frozen=True, slots=True)
class PvRef:
    """A variable handed to a function by name: read it, and write it where it can be written."""

    pv: Pv
    get: Read
    set: Write


@dataclass(frozen=True, slots=True)
class Target:
    """The name of a variable in quotes; with writable it must be one that can be assigned."""

    form: str = "variable"
    writable: bool = True

    def parse(self, text: str, names: Names) -> Pv:
        """The variable."""
        pv = names.pv(text)
        if self.writable and not pv.writable:
            raise FixupError(f"{text} is read-only")
        return pv

    def bind(self, parsed: Pv, scope: Scope) -> Arg[PvRef]:
        """A reference to the variable."""
        return Constant(PvRef(parsed, scope.read(parsed), scope.write(parsed) if self.writable else _refuse))


def _refuse(run: Run, value: object) -> None:
    raise AssertionError("a function writes to a variable that it declared as read-only")


@dataclass(frozen=True, slots=True)
class RouteName:
    """The name of a block of one kind; a constant name that is missing is a mistake only where the function says so."""

    kind: Routes
    form: str = "route"

    def parse(self, text: str, names: Names) -> "tuple[str | Pv, ...]":
        """The pieces of the name."""
        return names.format(text)

    def bind(self, parsed: "tuple[str | Pv, ...]", scope: Scope) -> Arg[str]:
        """The name."""
        return scope.text(parsed)


TEXT = Text()
FORMAT = Format()
INTEGER = Integer()
TARGET = Target()
VARIABLE = Target(writable=False)


def reader(arg: Arg[T]) -> Callable[[Run], T]:
    """An argument as a reader, whether constant or not."""
    if isinstance(arg, Constant):
        value: T = arg.value
        return lambda run: value
    return arg
