"""The names that `#!define` and its relatives define, and the state of `#!ifdef`."""

from dataclasses import dataclass, field

from sroute.source.text import Span

MAX_DEFINES = 512
MAX_CONDITIONALS = 512


class DefineError(Exception):
    """A definition that is refused; the text says why."""


@dataclass(slots=True)
class Defines:
    """Names with their values (None: defined without one), and where each was defined last."""

    values: dict[str, str | None] = field(default_factory=dict)
    places: dict[str, Span | None] = field(default_factory=dict)

    def add(self, name: str, value: str | None, place: Span | None = None) -> None:
        """Define a new name.

        Raises DefineError if it is defined already or there are too many.
        """
        if name in self.values:
            raise DefineError(f"{name} is already defined")
        if len(self.values) >= MAX_DEFINES:
            raise DefineError(f"more than {MAX_DEFINES} names are defined")
        self.values[name], self.places[name] = value, place

    def replace(self, name: str, value: str | None, place: Span | None = None) -> None:
        """Define a name, whether it is defined or not."""
        if name not in self.values:
            self.add(name, value, place)
        self.values[name], self.places[name] = value, place

    def remove(self, name: str) -> None:
        """Forget a name."""
        del self.values[name]
        self.places.pop(name, None)


@dataclass(slots=True)
class Conditional:
    """An open `#!ifdef`: whether its live branch is being read, its place, and that of its `#!else`."""

    live: bool
    place: Span
    other: Span | None = None


@dataclass(slots=True)
class Conditionals:
    """The stack of open conditionals.

    Kamailio counts openers and enders apart from that stack: a superfluous `#!endif` only counts.
    """

    open: list[Conditional] = field(default_factory=list)
    surplus: list[Span] = field(default_factory=list)
    skipping: bool = False

    def enter(self, live: bool, place: Span) -> None:
        """Begin a conditional.

        Raises DefineError when too many are open.
        """
        if len(self.open) >= MAX_CONDITIONALS:
            raise DefineError(f"more than {MAX_CONDITIONALS} conditionals are nested")
        self.open.append(Conditional(live, place))
        self._update()

    def turn(self, place: Span) -> bool:
        """`#!else`; False when nothing is open."""
        if not self.open:
            return False
        self.open[-1].live = not self.open[-1].live
        self.open[-1].other = place
        self._update()
        return True

    def leave(self, place: Span) -> bool:
        """`#!endif`; False when nothing is open."""
        if not self.open:
            self.surplus.append(place)
            return False
        self.open.pop()
        self._update()
        return True

    def _update(self) -> None:
        self.skipping = not all(conditional.live for conditional in self.open)
