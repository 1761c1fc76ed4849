"""Pseudo-variables as modules declare them, and as a script uses them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sroute.exports.transformation import Tr
from sroute.runtime.run import Read, Run, Write
from sroute.syntax.pvspec import PvSpec

ALL = "*"
Index = int | Literal["*"] | Callable[[Run], int] | None
"""An index as a reader factory gets it: none, a number, all, or a variable's value at run time."""

BAD_INDEX = -(1 << 62)
"""What the variable of an index gives when it holds no int; Kamailio has complained of it already."""

ReadFactory = Callable[[Any, Any, Index], Read]
"""(scope, inner, index) -> reader; inner is an Arg of the declared fixup, or None without parentheses."""
WriteFactory = Callable[[Any, Any, Index], Write]


@dataclass(slots=True)
class Variable:
    """The declaration of `$name`.

    inner is the fixup of the text in parentheses (None: `$name(x)` is refused); a required one must be there. static
    says what a read gives where it is always the same kind. since names the first version behind 5.6.3 that has it.
    """

    name: str
    module: str
    read: ReadFactory
    doc: str
    inner: Any = None
    required: bool = False
    index: bool = False
    static: Literal["int", "str", "any"] = "any"
    example: str = ""
    since: str = ""
    write: WriteFactory | None = None
    aliases: tuple[str, ...] = ()
    number: ReadFactory | None = None
    """Where the text of the variable carries an int of its own (`$rm`, `$proto`): its reader, used where an int is needed."""

    def writer(self, factory: WriteFactory) -> WriteFactory:
        """Declares how the variable is assigned: a factory (scope, inner, index) -> writer(run, value)."""
        self.write = factory
        return factory

    def setter(self, function: Write) -> Write:
        """Declares a plain writer(run, value) for a variable without inner name and index."""
        self.write = lambda scope, inner, index: function
        return function

    def numbered(self, function: Read) -> Read:
        """Declares the reader of the int that the text carries: `1 + $rm` is 2 in an INVITE, though `$rm + 1` is `INVITE1`."""
        self.number = lambda scope, inner, index: function
        return function


@dataclass(frozen=True, slots=True)
class Pv:
    """A pseudo-variable in a script with its names settled: what `resolve` hands to the interpreter."""

    spec: PvSpec
    variable: Variable
    inner: Any = None
    index: "int | Literal['*'] | Pv | None" = None
    transformations: tuple[Tr, ...] = field(default=())

    @property
    def writable(self) -> bool:
        """Whether it can be assigned."""
        return self.variable.write is not None and not self.transformations
