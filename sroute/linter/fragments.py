"""Files that are included elsewhere: items, or statements of a block, with names that only the whole script knows."""

from collections.abc import Mapping
from dataclasses import replace

from sroute.dialect import Dialect
from sroute.modules.catalog import Catalog
from sroute.resolve.program import Program
from sroute.resolve.resolver import resolve
from sroute.source.text import Span
from sroute.syntax.nodes import Call, LoadModule, ModParam, Script, Variable
from sroute.syntax.parser import Parsed, parse
from sroute.syntax.reader import Reader
from sroute.syntax.walk import Node, nodes_of

ELSEWHERE = frozenset(["RT001", "RT002", "RT003", "RT004", "RT006", "PP013", "PP012", "MD003", "MD026", "PV003", "PP001", "MD015"])
"""Findings about names that the rest of the script may know."""


def parse_fragment(
    path: str, text: str, *, defines: Mapping[str, str | None], dialect: Dialect, reader: Reader, env: Mapping[str, str]
) -> Parsed:
    """The file as a script, or as the statements of a block, whichever it is."""
    alone = parse(path, text, defines=defines, dialect=dialect, reader=reader, env=env, skip_missing=True)
    if alone.ok:
        return alone

    def including(name: str) -> str:
        return text if name == path else reader(name)

    wrapper = f'request_route {{\ninclude_file "{path}"\n}}\n'
    within = parse("", wrapper, defines=defines, dialect=dialect, reader=including, env=env, skip_missing=True)
    better = within if _errors(within) < _errors(alone) else alone
    kept = tuple(found for found in better.diagnostics if found.code not in ELSEWHERE and not (found.span and found.span.source.name == ""))
    return Parsed(_outside(better.script), kept)


def _errors(parsed: Parsed) -> int:
    return sum(found.severity == "error" and found.code not in ELSEWHERE for found in parsed.diagnostics)


def _outside(script: Script) -> Script:
    """The script without the file that was put around it."""
    return replace(script, sources=tuple(source for source in script.sources if source.name != "") or script.sources)


def resolve_fragment(script: Script, dialect: Dialect, catalog: Catalog) -> Program:
    """The program of a fragment: every module that it seems to use is taken for loaded."""
    loads = tuple(_load(name, script) for name in _needed(script, catalog))
    program = resolve(replace(script, items=(*loads, *script.items)), dialect, catalog)
    program.diagnostics[:] = [found for found in program.diagnostics if found.code not in ELSEWHERE]
    return program


def _load(module: str, script: Script) -> LoadModule:
    return LoadModule(f"{module}.so", "o", expand=False, span=Span(script.sources[0], 0, 0))


def _needed(script: Script, catalog: Catalog) -> list[str]:
    written = {item.path.rpartition("/")[2].removesuffix(".so") for item in script.items if isinstance(item, LoadModule)}
    needed = dict.fromkeys(["pv"])
    for node in nodes_of(script):
        needed.update(dict.fromkeys(_owners(node, catalog)))
    return [name for name in needed if name not in written and catalog.module(name) is not None]


def _owners(node: Node, catalog: Catalog) -> tuple[str, ...]:
    match node:
        case Call(name=name):
            return catalog.owners("function", name)[:1]
        case Variable(spec=spec):
            names = [f"{tr.family}.{tr.function}" for tr in spec.transformations]
            inside = (owner for name in names for owner in catalog.owners("transformation", name)[:1])
            return (*catalog.owners("variable", spec.name)[:1], *inside)
        case ModParam(module=module) if module in catalog.names():
            return (module,)
        case _:
            return ()
