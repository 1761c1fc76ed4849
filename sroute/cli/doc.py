"""`sroute doc`: what sroute knows about a name."""

import json
from typing import Any

import click

from sroute.assist import example
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
    """Show what is known about functions, variables, transformations, parameters, keywords, RPC commands, event routes, modules, rules."""
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
        click.echo(json.dumps([_as_json(answer, catalog) for answer in answers], indent=1, ensure_ascii=False))
    else:
        click.echo("\n\n".join(_page(answer, catalog) for answer in answers))
    return 1 if missing else 0


def _known(catalog: Catalog) -> list[str]:
    names = list(catalog.names())
    for module_name in catalog.names():
        if simulated(module_name):
            module = catalog.module(module_name)
            names += [export.name for export in describe.exports(module)] if module else []
    names += [each.name for each in describe.language()]
    return [*names, *(rule.name for rule in all_rules())]


def _as_json(answer: Description | Rule, catalog: Catalog) -> dict[str, object]:
    if isinstance(answer, Rule):
        return pages.as_json(answer)
    made = answer.as_json()
    made["output"] = _output(answer, catalog)
    if answer.kind == "module":
        made["exports"] = {kind: [export.name for export in of] for kind, of in _contents(answer.name, catalog).items()}
    return made


def _page(answer: Description | Rule, catalog: Catalog) -> str:
    if isinstance(answer, Rule):
        return pages.page(answer)
    origin = {"module": "module", **dict.fromkeys(describe.LANGUAGE_KINDS, answer.kind)}.get(
        answer.kind, f"{answer.kind} of module {answer.module}"
    )
    lines = [click.style(answer.signature, bold=True), f"  {origin}"]
    lines += [f"  {line}".rstrip() for line in answer.doc.splitlines()]
    if answer.routes:
        lines.append(f"  allowed in: {', '.join(answer.routes)}")
    if answer.since:
        lines.append(f"  since: {answer.since}")
    if answer.example:
        lines.append("  example:")
        lines += [f"    {line}" for line in answer.example.splitlines()]
        lines += [f"    -> {line}" for line in _output(answer, catalog)]
    if not answer.simulated:
        stub = f": give its result with --stub '{answer.name}=1'" if answer.kind == "function" else ""
        lines.append(f"  declared, not simulated{stub}")
    if answer.kind == "module":
        for kind, of in _contents(answer.name, catalog).items():
            lines.append(f"  {kind}:")
            lines += [_entry(export) for export in of]
    return "\n".join(lines)


def _output(answer: Description, catalog: Catalog) -> list[str]:
    """What the example does; examples of newer versions are not run."""
    return example.output(answer, catalog) if answer.example and answer.simulated and not answer.since else []


def _contents(name: str, catalog: Catalog) -> dict[str, list[Description]]:
    """What a module exports, by kind."""
    module = catalog.module(name)
    found: dict[str, list[Description]] = {}
    for export in describe.exports(module) if module is not None else ():
        found.setdefault(f"{export.kind}s", []).append(export)
    return found


def _entry(export: Description) -> str:
    """One line of a module's page."""
    mark = "" if export.simulated else "(declared) "
    first = export.doc.partition("\n")[0]
    name = export.name if export.kind == "parameter" else export.signature
    return f"    {name:<32} {mark}{first}".rstrip()


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
