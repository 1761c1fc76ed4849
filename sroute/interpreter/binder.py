"""What binding needs to know, and the scope that it hands to fixups."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sroute.dialect import Dialect
from sroute.exports.fixups import Arg, Constant, FixupError
from sroute.exports.variable import Pv
from sroute.interpreter import variables
from sroute.interpreter.actions import Actions
from sroute.interpreter.stub import Stub
from sroute.resolve.constants import Constants
from sroute.resolve.names import NameTable
from sroute.resolve.program import Program
from sroute.runtime.run import Act, Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import parse_int
from sroute.source.text import Span
from sroute.syntax.nodes import If, Statement, Switch, While


class Observer(Protocol):
    """Watches a run: wraps what is bound. Without one the closures are bare."""

    def statement(self, node: Statement, act: Act) -> Act:
        """A statement that is watched."""

    def condition(self, node: If | While | Switch, test: Callable[[Run], Any]) -> Callable[[Run], Any]:
        """The condition of a statement that has a body."""

    def read(self, pv: Pv, read: Read) -> Read:
        """A variable whose reads are watched."""

    def write(self, pv: Pv, write: Write) -> Write:
        """A variable whose writes are watched."""


class Binder:
    """Binds one program for one instance; implements exports.fixups.Scope."""

    def __init__(
        self, program: Program, services: Services, *, stubs: Mapping[str, Stub] | None = None, observer: Observer | None = None
    ) -> None:
        """stubs are by function name."""
        self.program = program
        self.services = services
        self.dialect: Dialect = program.dialect
        self.names: NameTable = program.names
        self.stubs = dict(stubs or {})
        self.observer = observer
        self.constant = Constants(bits=program.dialect.int_bits, decided=True).of
        self.kind = program.types.of
        self.route_bodies: dict[tuple[str, str | None], list[Act]] = {}
        """Bound bodies by (kind, name); a list that is filled while binding, so that routes may call each other."""
        self.actions: Actions | None = None
        """What modules see of each action; None where none watches."""
        self.counts_levels = False
        self.return_mode = program.settings.integer("return_mode", 0) if program.dialect.newer else 0
        """0: codes are true when > 0; 1: raw codes, any but 0 is true; 2: any but 0 is true (language reference 8.3)."""
        self.max_level = program.settings.integer("max_recursive_level", 256)
        self.max_loops = program.settings.integer("max_while_loops", 100)

    def read(self, pv: Pv) -> Read:
        """The reader of a variable."""
        read = variables.reader(pv, self)
        return self.observer.read(pv, read) if self.observer else read

    def read_int(self, pv: Pv, span: Span) -> Callable[[Run], int]:
        """A variable where an int is needed; some have an int of their own (`$proto`)."""
        read = self.read(pv)
        if pv.variable.number is not None and not pv.transformations:
            read = pv.variable.number(self, variables.inner(pv, self), variables.index(pv, self))
        read = variables.located(read, pv, span)
        convert = self.to_int(span)

        def number(run: Run) -> int:
            value = read(run)
            return value if value.__class__ is int else convert(value, run)

        return number

    def write(self, pv: Pv) -> Write:
        """The writer of a variable."""
        if not pv.writable:
            raise FixupError(f"${pv.spec.name} is read-only", "PV004")
        write = variables.writer(pv, self)
        if self.actions is not None:
            write = self.actions.write(pv, write)
        return self.observer.write(pv, write) if self.observer else write

    def text(self, pieces: tuple[str | Pv, ...]) -> Arg[str]:
        """The text of a format: null prints `<null>`."""
        return variables.text(pieces, self)

    def every_pv(self) -> Sequence[Pv]:
        """The variables that the script names: in expressions, then in arguments of functions."""
        parsed = [piece for plan in self.program.calls.values() for piece in plan.parsed]
        flat = [inner for piece in parsed for inner in (piece if isinstance(piece, tuple) else (piece,))]
        return [*self.program.pvs.values(), *(pv for pv in flat if isinstance(pv, Pv))]

    def to_int(self, span: Span) -> Callable[[int | str | None, Run], int]:
        """The conversion to int at a place: text that is no number logs and counts as 0, or fails (newer)."""
        bits, services, fails = self.dialect.int_bits, self.services, self.dialect.failed_conversion_is_error

        def convert(value: int | str | None, run: Run) -> int:
            if value.__class__ is int:
                return value
            if value is None:
                return 0
            number = parse_int(str(value), bits)
            if number is None:
                variables.conversion_failed(str(value), span, services, fails)
                return 0
            return number

        return convert


def is_constant(arg: Arg[object]) -> bool:
    """Whether an argument is the same in every run."""
    return isinstance(arg, Constant)
