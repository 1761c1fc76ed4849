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


Test = tuple[str, bool]
"""A name and whether it must be defined; the name is empty for an expression."""


@dataclass(slots=True)
class Conditional:
    """An `#!ifdef`: whether its live branch is being read, its place, and those of its `#!else` and `#!endif`.

    test is what its first branch asks, outer what the branches around it ask. read says of the first branch and of that behind
    `#!else` whether it was read.
    """

    live: bool
    place: Span
    other: Span | None = None
    end: Span | None = None
    test: Test = ("", True)
    outer: tuple[Test, ...] = ()
    read: tuple[bool, bool] = (False, False)

    def asks(self, *, behind_else: bool) -> Test:
        """What one of its branches asks."""
        name, defined = self.test
        return name, defined != behind_else


@dataclass(slots=True)
class Conditionals:
    """The stack of open conditionals.

    Kamailio counts openers and enders apart from that stack: a superfluous `#!endif` only counts.
    """

    open: list[Conditional] = field(default_factory=list)
    seen: list[Conditional] = field(default_factory=list)
    surplus: list[Span] = field(default_factory=list)
    skipping: bool = False

    def enter(self, live: bool, place: Span, test: Test = ("", True)) -> None:
        """Begin a conditional.

        Raises DefineError when too many are open.
        """
        if len(self.open) >= MAX_CONDITIONALS:
            raise DefineError(f"more than {MAX_CONDITIONALS} conditionals are nested")
        outer = tuple(around.asks(behind_else=around.other is not None) for around in self.open)
        entered = Conditional(live, place, test=test, outer=outer)
        self.open.append(entered)
        self.seen.append(entered)
        self._update()
        entered.read = (not self.skipping, False)

    def turn(self, place: Span) -> bool:
        """`#!else`; False when nothing is open."""
        if not self.open:
            return False
        turned = self.open[-1]
        turned.live = not turned.live
        turned.other = place
        self._update()
        turned.read = (turned.read[0], not self.skipping)
        return True

    def leave(self, place: Span) -> bool:
        """`#!endif`; False when nothing is open."""
        if not self.open:
            self.surplus.append(place)
            return False
        self.open.pop().end = place
        self._update()
        return True

    def _update(self) -> None:
        self.skipping = not all(conditional.live for conditional in self.open)
