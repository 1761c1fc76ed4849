"""Text to tree: the parser of routing scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sroute.dialect import DEFAULT, Dialect
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span
from sroute.syntax import nodes, tables
from sroute.syntax.builder import expressions, items, statements
from sroute.syntax.builder.build import Build
from sroute.syntax.lalr import END, MAX_DEPTH, Callback, Machine, TooDeepError
from sroute.syntax.reader import Reader, read_file
from sroute.syntax.recovery import Recovery
from sroute.syntax.scanner import Scanned, scan
from sroute.syntax.tokens import Token

RULES = {**expressions.RULES, **statements.RULES, **items.RULES}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A script, as far as it could be read, and everything there is to say about its text."""

    script: nodes.Script
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


def parse(
    source_name: str,
    text: str,
    *,
    defines: Mapping[str, str | None] | None = None,
    dialect: Dialect = DEFAULT,
    reader: Reader = read_file,
    env: Mapping[str, str] | None = None,
    skip_missing: bool = False,
) -> Parsed:
    """Parse a script and the files it includes.

    defines are those of `-A`, env the environment variables that the script may read, reader how included files are read.
    All independent errors are found; the routes that could be parsed are in the tree even then.
    """
    scanned = scan(source_name, text, defines=defines, dialect=dialect, reader=reader, env=env, skip_missing=skip_missing)
    build = Build(dialect, list(scanned.diagnostics))
    machine = Machine(tables.load(), callbacks(build), "script")
    tokens = [*scanned.tokens, _end(scanned)]
    found: list[object] = []
    try:
        found = _items(machine, tokens, build)
    except TooDeepError:
        found = partial_items(machine)
        build.error("SY001", "this is nested too deeply", tokens[-1].span, f"Kamailio's parser holds {MAX_DEPTH} open things")
    script = nodes.Script(
        tuple(item for item in found if item is not None),  # type: ignore[misc]
        scanned.mode,
        scanned.marked,
        dict(scanned.defines),
        scanned.sources,
    )
    return Parsed(script, tuple(build.diagnostics))


def _items(machine: Machine, tokens: list[Token], build: Build) -> list[object]:
    if len(tokens) == 1:
        message, hint = "there is nothing in this script but comments and directives", "Kamailio refuses such a file"
        build.error("SY001", message, tokens[0].span, hint)
        return []
    Recovery(machine, tokens, build).run()
    return partial_items(machine)


def partial_items(machine: Machine) -> list[object]:
    """The top-level items that are complete so far."""
    first = machine.values[0] if machine.values else None
    return first if isinstance(first, list) else []


def _end(scanned: Scanned) -> Token:
    source = scanned.sources[0]
    return Token(END, "", "", Span(source, len(source.text), len(source.text)))


def callbacks(build: Build) -> dict[str, Callback]:
    """The functions that build the tree, for one parse."""
    return {name: partial(rule, build) for name, rule in RULES.items()}
