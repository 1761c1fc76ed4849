"""Text to tree: the parser of routing scripts, and of the pieces that are typed one by one."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sroute.dialect import DEFAULT, Dialect
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Source, Span
from sroute.syntax import nodes, tables
from sroute.syntax.builder import expressions, items, statements
from sroute.syntax.builder.build import Build
from sroute.syntax.lalr import END, MAX_DEPTH, Callback, Machine, TooDeepError
from sroute.syntax.reader import Reader, read_file
from sroute.syntax.recovery import Recovery
from sroute.syntax.scanner import scan
from sroute.syntax.scene import STATEMENT
from sroute.syntax.tokens import Token

Start = Literal["script", "statements", "expr"]
RULES = {**expressions.RULES, **statements.RULES, **items.RULES}
UNFINISHED = ("SY004", "SY005", "SY017")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A script, as far as it could be read, and everything there is to say about its text."""

    script: nodes.Script
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Piece:
    """Statements or an expression that were typed alone, and what is wrong with them."""

    statements: tuple[nodes.Statement, ...]
    expression: nodes.Expression | None
    diagnostics: tuple[Diagnostic, ...]


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

    defines are those of `-A`, env the environment variables that the script may read, reader how included files are read;
    with skip_missing an included file that is not there is a warning. All independent errors are found; the routes that
    could be parsed are in the tree even then.
    """
    with uncollected():
        scanned = scan(source_name, text, defines=defines, dialect=dialect, reader=reader, env=env, skip_missing=skip_missing)
        build = Build(dialect, list(scanned.diagnostics))
        if not scanned.tokens and not any(found.severity == "error" for found in scanned.diagnostics):
            message, hint = "there is nothing in this script but comments and directives", "Kamailio refuses such a file"
            build.error("SY001", message, _end(scanned.sources[0]).span, hint)
        machine = _run(scanned.tokens, scanned.sources[0], "script", build)
        first = machine.values[0] if machine.values else None
        found = tuple(item for item in first if item is not None) if isinstance(first, list) else ()
    script = nodes.Script(found, scanned.mode, scanned.marked, dict(scanned.defines), scanned.sources)
    return Parsed(script, in_order(build.diagnostics, scanned.sources))


def parse_statements(
    text: str, *, mode: nodes.Mode = "KAMAILIO", defines: Mapping[str, str | None] | None = None, dialect: Dialect = DEFAULT
) -> Piece:
    """Statements as they stand in a route block."""
    machine, build = _piece(text, "statements", mode, defines, dialect)
    whole = machine.values[0] if machine.finished() else ()
    return Piece(tuple(whole), None, tuple(build.diagnostics))


def parse_expression(
    text: str, *, mode: nodes.Mode = "KAMAILIO", defines: Mapping[str, str | None] | None = None, dialect: Dialect = DEFAULT
) -> Piece:
    """An expression alone."""
    machine, build = _piece(text, "expr", mode, defines, dialect)
    return Piece((), machine.values[0] if machine.finished() else None, tuple(build.diagnostics))


def incomplete(text: str, start: Start = "statements", dialect: Dialect = DEFAULT) -> bool:
    """Whether more must come: the text is right so far, but something in it is still open.

    Only a `;` that is missing at the end leaves nothing open.
    """
    scanned = scan("", text, dialect=dialect, mode="KAMAILIO")
    if any(diagnostic.code in UNFINISHED for diagnostic in scanned.diagnostics):
        return True
    machine = Machine(tables.load(), callbacks(Build(dialect)), start)
    try:
        at = machine.run(scanned.tokens, 0)
    except TooDeepError:
        return False
    if at < len(scanned.tokens) or at == 0 or machine.accepts(END):
        return False
    return machine.accepts(STATEMENT) or not machine.accepts("SEMICOLON", END)


def expected(text: str, start: Start = "statements", dialect: Dialect = DEFAULT) -> frozenset[str]:
    """The terminals that may follow a text; none when the text is wrong already."""
    scanned = scan("", text, dialect=dialect, mode="KAMAILIO")
    machine = Machine(tables.load(), callbacks(Build(dialect)), start)
    try:
        at = machine.run(scanned.tokens, 0)
    except TooDeepError:
        return frozenset()
    return frozenset(machine.expected()) if at == len(scanned.tokens) else frozenset()


def in_order(diagnostics: list[Diagnostic], sources: tuple[Source, ...]) -> tuple[Diagnostic, ...]:
    """Findings in the order of the text: files as they were opened, then places."""
    numbers = {id(source): number for number, source in enumerate(sources)}
    return tuple(sorted(diagnostics, key=lambda found: (numbers.get(id(found.span.source), 0), found.span.start) if found.span else (0, 0)))


def _piece(text: str, start: Start, mode: nodes.Mode, defines: Mapping[str, str | None] | None, dialect: Dialect) -> tuple[Machine, Build]:
    scanned = scan("<input>", text, defines=defines, dialect=dialect, mode=mode)
    build = Build(dialect, list(scanned.diagnostics))
    return _run(scanned.tokens, scanned.sources[0], start, build), build


def _run(tokens: list[Token], source: Source, start: Start, build: Build) -> Machine:
    """Take all tokens, whatever is wrong with them."""
    machine = Machine(tables.load(), callbacks(build), start)
    try:
        Recovery(machine, [*tokens, _end(source)], build).run()
    except TooDeepError:
        span = tokens[-1].span
        build.error("SY001", "this is nested too deeply", span, f"Kamailio's parser holds {MAX_DEPTH} open things")
    return machine


def _end(source: Source) -> Token:
    return Token(END, "", "", Span(source, len(source.text), len(source.text)))


def callbacks(build: Build) -> dict[str, Callback]:
    """The functions that build the tree, for one parse."""
    return {name: partial(rule, build) for name, rule in RULES.items()}


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: a tree has no cycles, but looking for them takes as long as parsing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
