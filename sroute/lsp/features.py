"""What an editor asks: findings, what a name means, what may follow, the blocks of a script. No protocol here."""

import os
from pathlib import Path

from sroute.assist.complete import Completion, Surroundings, complete
from sroute.assist.hover import hover
from sroute.assist.symbols import Symbol, symbols
from sroute.dialect import DEFAULT, Dialect
from sroute.exports.describe import Description
from sroute.linter import jobs, settings
from sroute.linter.finding import Finding
from sroute.linter.linter import lint
from sroute.lsp.documents import Document
from sroute.modules.catalog import Catalog
from sroute.project import find
from sroute.resolve.program import Program
from sroute.resolve.resolver import resolve
from sroute.syntax.parser import parse


def findings(document: Document, dialect: Dialect = DEFAULT) -> list[Finding]:
    """What `sroute lint` says about a document, with the settings of its folder; what is in other files is left to them."""
    folder = os.path.dirname(document.path) or "."
    project = settings.of_project(find(Path(folder)))
    options = jobs.Options(
        settings=project,
        defines={name: value if equals else None for name, equals, value in (item.partition("=") for item in project.define)},
        dialect=dialect,
        include_path=project.include_path,
        all_branches=project.all_branches,
    )
    found = lint(document.path, document.script, options.request(document.path)).findings
    return [finding for finding in found if finding.span is None or finding.span.source.name == document.path]


def program(document: Document, dialect: Dialect = DEFAULT) -> Program:
    """The script with its names, as far as it can be read."""
    parsed = parse(document.path, document.script, dialect=dialect, env=dict(os.environ))
    return resolve(parsed.script, dialect, Catalog(dialect))


def meaning(document: Document, offset: int) -> str | None:
    """What is known about the name at an offset, as Markdown."""
    found = hover(document.script, offset, program(document).names)
    return "\n\n---\n\n".join(_page(description) for description in found[:3]) or None


def _page(description: Description) -> str:
    parts = [f"```\n{description.signature}\n```", f"{description.kind} of {description.module}", description.doc]
    if description.example:
        parts.append(f"```\n{description.example}\n```")
    return "\n\n".join(part for part in parts if part)


def completions(document: Document, offset: int) -> list[Completion]:
    """What may stand at an offset."""
    return complete(document.script, offset, Surroundings(program(document).names))


def blocks(document: Document) -> list[Symbol]:
    """The route blocks that stand in the document itself."""
    return [symbol for symbol in symbols(program(document).script) if symbol.span.source.name == document.path]
