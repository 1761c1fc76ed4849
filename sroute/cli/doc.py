"""`sroute doc`: what sroute knows about a name."""

import json
from typing import Any

import click

from sroute.exports import describe
from sroute.exports.describe import Description
from sroute.exports.module import Module
from sroute.linter import pages
from sroute.linter.registry import all_rules
from sroute.linter.rule import Rule
from sroute.modules.catalog import Catalog, simulated
from sroute.source.nearest import did_you_mean

EPILOG = """\b
Examples:
  sroute doc t_relay
  sroute doc '$ru' '{s.len}' htable.dump
  sroute doc RT001
  sroute doc --coverage
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="All that is known, as JSON.")
@click.option("--coverage", is_flag=True, help="Which modules are simulated, and how much of them.")
def doc(names: tuple[str, ...], as_json: bool, coverage: bool) -> int:
    """Show what is known about functions, variables, transformations, parameters, RPC commands, event routes, modules, lint rules."""
    catalog = Catalog()
    if coverage:
        return _coverage(catalog, as_json=as_json)
    if not names:
        raise click.UsageError("give a name, or --coverage")
    missing = 0
    answers: list[Description | Rule] = []
    for name in names:
        found: list[Description | Rule] = [*describe.find(name, catalog), *(rule for rule in all_rules() if name in (rule.code, rule.name))]
        answers += found
        if not found:
            missing += 1
            hint = did_you_mean(name, _known(catalog))
            click.echo(f"nothing is known about {name}{f': {hint}' if hint else ''}", err=True)
    if as_json:
        click.echo(json.dumps([_as_json(answer) for answer in answers], indent=1, ensure_ascii=False))
    else:
        click.echo("\n\n".join(_page(answer) for answer in answers))
    return 1 if missing else 0


def _known(catalog: Catalog) -> list[str]:
    names = list(catalog.names())
    for module_name in catalog.names():
        if simulated(module_name):
            module = catalog.module(module_name)
            names += [export.name for export in describe.exports(module)] if module else []
    return [*names, *(rule.name for rule in all_rules())]


def _as_json(answer: Description | Rule) -> dict[str, object]:
    return pages.as_json(answer) if isinstance(answer, Rule) else answer.as_json()


def _page(answer: Description | Rule) -> str:
    if isinstance(answer, Rule):
        return pages.page(answer)
    origin = f"  {answer.kind} of module {answer.module}" if answer.kind != "module" else "  module"
    lines = [click.style(answer.signature, bold=True), origin]
    lines += [f"  {line}".rstrip() for line in answer.doc.splitlines()]
    if answer.routes:
        lines.append(f"  allowed in: {', '.join(answer.routes)}")
    if answer.since:
        lines.append(f"  since: {answer.since}")
    if answer.example:
        lines.append("  example:")
        lines += [f"    {line}" for line in answer.example.splitlines()]
    if not answer.simulated:
        stub = f": give its result with --stub '{answer.name}=1'" if answer.kind == "function" else ""
        lines.append(f"  declared, not simulated{stub}")
    return "\n".join(lines)


def _coverage(catalog: Catalog, *, as_json: bool) -> int:
    rows = [_row(module) for name in catalog.names() if (module := catalog.module(name)) is not None]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return 0
    click.echo(f"{'module':<22}{'functions':>12}{'variables':>12}{'rpc':>8}   (simulated/declared)")
    for row in rows:
        if row["simulated"]:
            click.echo(f"{row['module']:<22}{row['functions']:>12}{row['variables']:>12}{row['rpc']:>8}")
    others = [str(row["module"]) for row in rows if not row["simulated"]]
    click.echo(f"\nonly declared ({len(others)}): {', '.join(others)}")
    return 0


def _row(module: Module[Any]) -> dict[str, object]:
    made = list(describe.exports(module))

    def share(kind: str) -> str:
        of = [export for export in made if export.kind == kind]
        return f"{sum(export.simulated for export in of)}/{len(of)}" if of else "-"

    return {
        "module": module.name,
        "simulated": simulated(module.name) is not None,
        "functions": share("function"),
        "variables": share("variable"),
        "rpc": share("rpc"),
    }
