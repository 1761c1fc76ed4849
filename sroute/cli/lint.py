"""`sroute lint`: what Kamailio refuses, and what it never mentions."""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click

from sroute.cli import options as opt
from sroute.cli.findings import paint
from sroute.errors import UsageError
from sroute.linter import baseline, files, fixing, jobs, pages, settings
from sroute.linter.finding import Finding
from sroute.linter.registry import all_rules, codes
from sroute.linter.report import FORMATS, render
from sroute.linter.selection import checked
from sroute.linter.settings import Settings
from sroute.project import find, read
from sroute.source.diagnostic import Diagnostic
from sroute.source.excerpt import show

LEVELS = ("error", "warning", "info", "never")
EPILOG = """\b
Examples:
  sroute lint kamailio.cfg
  sroute lint --select RT,HT --format github etc/
  sroute lint --fix --diff kamailio.cfg
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command."""

    jobs: jobs.Options
    fail_on: str
    form: str
    statistics: bool
    fix: bool
    unsafe: bool
    diff: bool
    baseline: Path | None
    write_baseline: Path | None


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.argument("file", nargs=-1)
@opt.script_options
@click.option("--select", multiple=True, metavar="CODES", help="Only these rules: codes or prefixes, comma separated.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules.")
@click.option("--extend-select", multiple=True, metavar="CODES", help="These too.")
@click.option("--fail-on", type=click.Choice(LEVELS), help="Status 1 from this severity on (default: error).")
@click.option("--json", "as_json", is_flag=True, help="An array of findings; the same as --format json.")
@click.option("--format", "form", type=click.Choice(["human", *FORMATS]), default="human", help="How findings are shown.")
@click.option("--statistics", is_flag=True, help="Count the findings by rule.")
@click.option("--all-branches", is_flag=True, help="Look at every branch of every #!ifdef.")
@click.option("--fragment", is_flag=True, help="The files are included elsewhere.")
@click.option("--here", is_flag=True, help="The script runs on this machine: look at its addresses and files.")
@click.option("-I", "--include-path", multiple=True, metavar="DIR", help="Look for included files here, too.")
@click.option("--stdin-filename", metavar="PATH", help="What stdin (`-`) stands for.")
@click.option("--fix", is_flag=True, help="Make the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="Make all fixes.")
@click.option("--diff", is_flag=True, help="Show what the fixes change, and change nothing.")
@click.option("--baseline", "baseline_file", metavar="PATH", type=Path, help="Report only what this file does not know.")
@click.option("--write-baseline", metavar="PATH", type=Path, help="Write a baseline with all findings.")
@click.option("--config", metavar="PATH", type=Path, help="Settings to take (default: the nearest sroute.toml or pyproject.toml).")
@click.option("--jobs", "workers", type=click.IntRange(1), help="Processes (default: all cores).")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules.")
def lint(file: tuple[str, ...], list_rules: bool, **given: object) -> int:
    """Find what Kamailio refuses (error), what it starts with but surely does wrong (warning), and style (info).

    FILE is a script, `-` for stdin, or a folder with *.cfg files.
    """
    if list_rules:
        return _rules(as_json=bool(given["as_json"]))
    if not file:
        raise click.UsageError("give a file, a folder, or - for stdin")
    project = _settings(file, given)
    wanted = _wanted(project, given)
    if wanted.fix or wanted.unsafe or wanted.diff:
        return _fix(files.gather(file, project.excludes), wanted)
    return _report(files.gather(file, project.excludes), wanted)


def _settings(file: tuple[str, ...], given: dict[str, object]) -> Settings:
    config = given["config"]
    if isinstance(config, Path):
        project = read(config)
        if project is None:
            raise UsageError(f"{config}: no settings of sroute in this file")
        return settings.of_project(project)
    first = str(given["stdin_filename"] or ".") if file[0] == "-" else file[0]
    path = Path(first)
    return settings.of_project(find(path if path.is_dir() else path.parent))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


def _path(value: object) -> Path | None:
    return value if isinstance(value, Path) else None


def _wanted(project: Settings, given: dict[str, object]) -> Wanted:
    known = codes()
    kamailio = str(given["kamailio"])
    workers = given["workers"]
    options = jobs.Options(
        settings=project,
        defines=opt.defines((*project.define, *_texts(given["define"]))),
        dialect=opt.chosen_dialect(project.kamailio if project.kamailio and kamailio == "5.6" else kamailio),
        select=checked(_texts(given["select"]), known),
        ignore=checked(_texts(given["ignore"]), known),
        extend=checked(_texts(given["extend_select"]), known),
        all_branches=bool(given["all_branches"]) or project.all_branches,
        fragment=bool(given["fragment"]),
        here=bool(given["here"]),
        include_path=(*(Path(item) for item in _texts(given["include_path"])), *project.include_path),
        stdin_name=str(given["stdin_filename"] or "-"),
        workers=workers if isinstance(workers, int) else None,
    )
    fail_on = str(given["fail_on"] or project.fail_on or "error")
    if fail_on not in LEVELS:
        raise UsageError(f"fail-on: {fail_on!r} is none of {', '.join(LEVELS)}")
    return Wanted(
        options,
        fail_on,
        "json" if given["as_json"] else str(given["form"]),
        bool(given["statistics"]),
        bool(given["fix"]),
        bool(given["unsafe_fixes"]),
        bool(given["diff"]),
        _path(given["baseline_file"]) or project.baseline,
        _path(given["write_baseline"]),
    )


# ---------------------------------------------------------------- findings


def _report(paths: list[str], wanted: Wanted) -> int:
    linted = jobs.lint_all(paths, wanted.jobs, progress=_progress(len(paths)))
    if wanted.write_baseline is not None:
        wanted.write_baseline.write_text(baseline.text(linted.findings), "utf-8")
        click.echo(f"{wanted.write_baseline}: {len(linted.findings)} findings", err=True)
        return 0
    return _shown(linted.findings, len(paths), wanted)


def _shown(found: tuple[Finding, ...], number: int, wanted: Wanted) -> int:
    if wanted.baseline is not None:
        found = baseline.new(found, baseline.read(wanted.baseline))
    diagnostics = [finding.diagnostic for finding in found]
    if wanted.statistics:
        _echo(_statistics(diagnostics, as_json=wanted.form == "json"))
    elif wanted.form != "human":
        _echo(render(wanted.form, diagnostics))
    else:
        for finding in found:
            click.echo(_human(finding))
        click.echo(_count(found, number), err=not found)
    return _status(diagnostics, wanted.fail_on)


def _echo(text: str) -> None:
    """A text with its line end; an empty one is no line."""
    click.echo(text, nl=bool(text))


def _status(diagnostics: list[Diagnostic], fail_on: str) -> int:
    reached = LEVELS[: LEVELS.index(fail_on) + 1] if fail_on != "never" else ()
    return 1 if any(diagnostic.severity in reached for diagnostic in diagnostics) else 0


def _human(finding: Finding) -> str:
    shown = show(finding.diagnostic, paint)
    return shown if finding.fix is None else f"{shown}\n      = {'fix' if finding.fix.safe else 'unsafe fix'}: {finding.fix.title}"


def _count(found: tuple[Finding, ...], number: int) -> str:
    counted = Counter[str](finding.diagnostic.severity for finding in found)
    words = {"error": "error", "warning": "warning", "info": "remark"}
    parts = [f"{counted[kind]} {word}{'s' * (counted[kind] != 1)}" for kind, word in words.items() if counted[kind]]
    where = f"{number} file{'s' * (number != 1)}"
    if not parts:
        return f"nothing found in {where}"
    safe = sum(finding.fix is not None and finding.fix.safe for finding in found)
    unsafe = sum(finding.fix is not None and not finding.fix.safe for finding in found)
    fixes = f"; --fix mends {safe}" * bool(safe) + f"{',' if safe else ';'} --unsafe-fixes {unsafe} more" * bool(unsafe)
    return f"{', '.join(parts)} in {where}{fixes}"


def _statistics(diagnostics: list[Diagnostic], *, as_json: bool) -> str:
    counted = Counter((diagnostic.code, diagnostic.severity) for diagnostic in diagnostics)
    names = {rule.code: rule.name for rule in all_rules()}
    rows = sorted(counted.items(), key=lambda row: (LEVELS.index(row[0][1]), -row[1], row[0][0]))
    if as_json:
        listed = [{"code": code, "severity": severity, "name": names.get(code, ""), "count": count} for (code, severity), count in rows]
        return json.dumps(listed, indent=1)
    return "\n".join(f"{count:6}  {severity:<8} {code}  {names.get(code, '')}" for (code, severity), count in rows)


def _progress(number: int) -> bool:
    return number > 1 and sys.stderr.isatty()


# ---------------------------------------------------------------- fixes


def _fix(paths: list[str], wanted: Wanted) -> int:
    left: list[Finding] = []
    made, changed = 0, 0
    for path in paths:
        mended = jobs.mend(path, wanted.jobs, unsafe=wanted.unsafe)
        made, changed = made + mended.count, changed + len(mended.texts)
        if wanted.diff:
            sys.stdout.flush()
            sys.stdout.buffer.write(mended.diff().encode("latin-1"))
            sys.stdout.buffer.flush()
        else:
            _write(path, mended)
        left += mended.linted.findings if mended.linted else ()
    if wanted.diff:
        return 1 if made else 0
    click.echo(f"{made} fix{'es' * (made != 1)} in {changed} file{'s' * (changed != 1)}", err=True)
    to_stdout = "-" in paths
    return _status([finding.diagnostic for finding in left], wanted.fail_on) if to_stdout else _shown(tuple(left), len(paths), wanted)


def _write(path: str, mended: fixing.Mended) -> None:
    if path == "-":
        text = mended.texts.get(mended.main) or mended.original
        sys.stdout.buffer.write(text.encode("latin-1"))
        sys.stdout.buffer.flush()
        return
    for name, text in mended.texts.items():
        try:
            Path(name).write_bytes(text.encode("latin-1"))
        except OSError as error:
            raise UsageError(f"{name}: {error.strerror}") from None


def _rules(*, as_json: bool) -> int:
    rules = all_rules()
    if as_json:
        click.echo(json.dumps([pages.as_json(rule) for rule in rules], indent=1, ensure_ascii=False))
        return 0
    for rule in rules:
        fix = {True: "fix", False: ""}[any(example.fixed is not None for example in rule.bad)]
        click.echo(f"{rule.code}  {rule.severity:<8} {fix:<4} {rule.name:<34} {rule.summary}")
    click.echo(f"{len(rules)} rules")
    return 0
