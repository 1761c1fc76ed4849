"""The script under the linter: the resolved program and everything that several rules ask about it, worked out once."""

from dataclasses import dataclass
from functools import cached_property

from sroute.resolve import usage
from sroute.resolve.program import Program
from sroute.resolve.usage import Tree, Use
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a script is looked at: fragment, if it is included elsewhere; here, if it will run on this machine.

    broken says that parts of it could not be read; given are the names that the user defines.
    """

    fragment: bool = False
    here: bool = False
    broken: bool = False
    given: frozenset[str] = frozenset()


class Subject:
    """A program under the linter."""

    def __init__(self, program: Program, circumstances: Circumstances | None = None) -> None:
        """Walks the script once; the rest is worked out when a rule asks for it."""
        self.program = program
        self.circumstances = circumstances or Circumstances()
        self.tree = Tree(program)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files of the script, in the order in which they were opened."""
        return self.program.script.sources

    @cached_property
    def uses(self) -> list[Use]:
        """Every use of a variable in the blocks."""
        return usage.uses(self.tree)

    @cached_property
    def loaded(self) -> frozenset[str]:
        """The names of the loaded modules."""
        return frozenset(module.name for module in self.program.modules)

    @cached_property
    def refused(self) -> tuple[Diagnostic, ...]:
        """The errors that are known already."""
        return tuple(found for found in self.program.diagnostics if found.severity == "error")
