"""The script under the linter: the resolved program and everything that several rules ask about it, worked out once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from sroute.exports.fixups import FixupError
from sroute.exports.variable import Pv
from sroute.linter.meaning import Value, Writes, meanings, texts, writes
from sroute.linter.tables import Table, tables
from sroute.resolve import usage
from sroute.resolve.callgraph import CallGraph
from sroute.resolve.program import Program
from sroute.resolve.shapes import Shapes
from sroute.resolve.usage import Tree, Use
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source
from sroute.syntax.nodes import Call, CoreCall, Expression, Literal, Variable, Word

T = TypeVar("T")
Pieces = tuple[str | Pv, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a script is looked at: fragment, if it is included elsewhere; here, if it will run on this machine.

    broken says that parts of it could not be read; given are the names that the user defines.
    """

    fragment: bool = False
    here: bool = False
    broken: bool = False
    given: frozenset[str] = field(default_factory=frozenset)


class Subject:
    """A program under the linter."""

    def __init__(self, program: Program, circumstances: Circumstances | None = None) -> None:
        """Walks the script once; the rest is worked out when a rule asks for it."""
        self.program = program
        self.circumstances = circumstances or Circumstances()
        self.tree = Tree(program)
        self._worked_out: dict[object, object] = {}

    def once(self, work: "Callable[[Subject], T]") -> T:
        """What a function makes of the script; the function is called once, whoever asks."""
        if work not in self._worked_out:
            self._worked_out[work] = work(self)
        return self._worked_out[work]  # type: ignore[return-value]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files of the script, in the order in which they were opened."""
        return self.program.script.sources

    @cached_property
    def uses(self) -> list[Use]:
        """Every use of a variable in the blocks."""
        return usage.uses(self.tree)

    @cached_property
    def graph(self) -> CallGraph:
        """Which block calls which, and where Kamailio enters the script."""
        return CallGraph(self.tree, self.shapes, every=self.circumstances.fragment)

    @cached_property
    def shapes(self) -> Shapes:
        """Which conditions are equal."""
        return Shapes(self.program)

    @cached_property
    def loaded(self) -> frozenset[str]:
        """The names of the loaded modules."""
        return frozenset(module.name for module in self.program.modules)

    @cached_property
    def refused(self) -> tuple[Diagnostic, ...]:
        """The errors that are known already."""
        return tuple(found for found in self.program.diagnostics if found.severity == "error")

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The hash tables of the script, by name."""
        return tables(self.program)

    def initval(self, inner: str) -> bool:
        """Whether the table of a `$sht(table=>key)` gives a missing key a value."""
        table = self.tables.get(inner.partition("=>")[0].strip())
        return table is not None and table.initval is not None

    # ------------------------------------------------------------ texts

    def calls(self, *names: str) -> Iterator[Call]:
        """The calls of functions of some names."""
        return (call for call in self.tree.each(Call) if call.name in names)

    @cached_property
    def meanings(self) -> dict[str, Value]:
        """The values of variables that have one value only, by the text of the variable."""
        return meanings(self.writes, self.tree)

    @cached_property
    def texts(self) -> frozenset[str]:
        """The variables that hold nothing but texts."""
        return texts(self.writes, self.tree)

    @cached_property
    def writes(self) -> Writes:
        """Where each variable of the script is written."""
        return writes(self.tree, self.uses)

    def value(self, node: Expression | None) -> Value | None:
        """The value of a constant, or of a variable that holds nothing else; None for what is computed."""
        if node is None:
            return None
        value = self.program.constants.of(node)
        if value is None:
            return self.meanings.get(node.spec.text) if isinstance(node, Variable) else None
        if isinstance(value, str) and value[:1] == "$" and isinstance(node, Literal) and self._expands(node):
            return self.meanings.get(value, value)
        return value

    def _expands(self, node: Literal) -> bool:
        return isinstance(self.tree.parent(node), Call | CoreCall)

    def text(self, node: Expression | Word | None) -> str | None:
        """The text of a constant, or of a variable that holds nothing else; None for what is computed."""
        if isinstance(node, Word):
            return node.text
        value = self.value(node)
        return None if value is None else str(value)

    def argument(self, call: Call | CoreCall, number: int) -> str | None:
        """The text of an argument (from 0); None when it is not there or computed."""
        return self.text(call.args[number]) if number < len(call.args) else None

    def pieces(self, text: str) -> Pieces:
        """A text with its variables, as a function would expand it; the text alone when it can't be expanded."""
        if "$" not in text:
            return (text,)
        try:
            return self.program.names.format(text)
        except FixupError:
            return (text,)

    def variables(self, node: Expression | Word | None) -> tuple[Pv, ...]:
        """The variables in the text of a constant argument."""
        text = node.text if isinstance(node, Word) else None if node is None else self.program.constants.of(node)
        text = None if text is None else str(text)
        return tuple(piece for piece in self.pieces(text) if isinstance(piece, Pv)) if text else ()


def verbatim(node: Literal) -> bool:
    """Whether a string stands in the file as one literal, and not in the value of a define."""
    written = node.span.text()
    return isinstance(node.value, str) and len(written) >= 2 and written[0] == written[-1] == '"' and written.count('"') == 2


def quoted(text: str) -> str:
    """A text as a string of the script."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'
