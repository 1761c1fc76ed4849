"""`sroute parse`: the syntax of a script, its tree, or what is left of it after preprocessing."""

import os
import sys
from functools import partial
from typing import TextIO

import click

from sroute.cli import options as opt
from sroute.cli.findings import finding_lines
from sroute.errors import UsageError
from sroute.source.diagnostic import Diagnostic
from sroute.source.excerpt import readable
from sroute.syntax import nodes
from sroute.syntax.dump import chunks
from sroute.syntax.effective import effective
from sroute.syntax.parser import Parsed
from sroute.syntax.parser import parse as parse_script
from sroute.syntax.reader import MAX_SIZE, read_file
from sroute.syntax.scanner import Scanned, scan

EPILOG = """\b
Examples:
  sroute parse kamailio.cfg
  sroute parse --json -A WITH_AUTH kamailio.cfg
  sroute parse --preprocessed kamailio.cfg
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("file")
@opt.script_options
@click.option("--json", "as_json", is_flag=True, help="The tree, or with --preprocessed its lines, as JSON.")
@click.option("--preprocessed", is_flag=True, help="The text after preprocessing, with the origin of each line.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.option("--skip-missing-includes", "skip_missing", is_flag=True, help="A missing include file is a warning.")
@click.option("--max-size", default=MAX_SIZE, show_default=True, help="Largest file in bytes.")
def parse(
    file: str,
    define: tuple[str, ...],
    kamailio: str,
    as_json: bool,
    preprocessed: bool,
    quiet: bool,
    skip_missing: bool,
    max_size: int,
) -> int:
    """Check the syntax of FILE (`-` is stdin) and what it includes: preprocessor, grammar, core parameters and functions."""
    settings = {
        "defines": opt.defines(define),
        "dialect": opt.chosen_dialect(kamailio),
        "reader": partial(read_file, max_size=max_size),
        "env": dict(os.environ),
        "skip_missing": skip_missing,
    }
    text = _text(file, max_size)
    if preprocessed:
        scanned = scan(file, text, **settings)  # type: ignore[arg-type]
        _show_text(scanned, as_json=as_json)
        return _report(scanned.diagnostics, quiet=quiet or as_json, to=sys.stderr)
    parsed = parse_script(file, text, **settings)  # type: ignore[arg-type]
    if as_json:
        _show_tree(parsed)
        return 0 if parsed.ok else 1
    status = _report(list(parsed.diagnostics), quiet=quiet, to=sys.stdout)
    if parsed.ok and not quiet:
        click.echo(summary(file, parsed.script))
    return status


def _text(file: str, max_size: int) -> str:
    try:
        if file == "-":
            data = sys.stdin.buffer.read(max_size + 1)
            if len(data) > max_size:
                raise UsageError(f"-: more than {max_size} bytes")
            return data.decode("latin-1")
        return read_file(file, max_size)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else None
        raise UsageError(f"{file}: {reason.lower()}" if reason else str(error)) from None


def _report(diagnostics: list[Diagnostic], *, quiet: bool, to: TextIO) -> int:
    errors = [found for found in diagnostics if found.severity == "error"]
    for line in finding_lines(tuple(errors if quiet else diagnostics)):
        click.echo(line, file=to)
    return 1 if errors else 0


def summary(file: str, script: nodes.Script) -> str:
    """One line for people about a script without errors."""
    routes = sum(isinstance(item, nodes.Route) for item in script.items)
    modules = sum(isinstance(item, nodes.LoadModule) for item in script.items)
    files = len(script.sources)
    counted = [(len(script.items), "item"), (modules, "module"), (routes, "route"), (files, "file")]
    return f"{file}: no errors in " + ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted)


def _show_tree(parsed: Parsed) -> None:
    script = parsed.script
    tree = {
        "ok": parsed.ok,
        "file": script.sources[0].name,
        "files": [source.name for source in script.sources],
        "mode": script.mode,
        "marked": script.marked,
        "defines": dict(script.defines),
        "items": list(script.items),
        "diagnostics": [found.as_json() for found in parsed.diagnostics],
    }
    for chunk in chunks(tree):
        sys.stdout.write(chunk)
    sys.stdout.write("\n")


def _show_text(scanned: Scanned, *, as_json: bool) -> None:
    rows = []
    for origin, line in effective(scanned.tokens).lines():
        place = (origin.source.name, origin.begin.line, origin.begin.column) if origin else ("", 0, 0)
        rows.append((*place, line))
    if as_json:
        lines = [{"file": name, "line": number, "column": column, "text": text} for name, number, column, text in rows]
        found = {"lines": lines, "diagnostics": [each.as_json() for each in scanned.diagnostics]}
        for chunk in chunks(found):
            sys.stdout.write(chunk)
        sys.stdout.write("\n")
        return
    places = [f"{name}:{number}" for name, number, _, _ in rows]
    width = max((len(place) for place in places), default=0)
    for where, (_, _, _, text) in zip(places, rows, strict=True):
        click.echo(f"{where:<{width}} | {readable(text)}".rstrip())
