"""`sroute test`: scripts that carry their expectations."""

import time
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import click

from sroute.cli import options as opt
from sroute.cli.assignments import assignment
from sroute.cli.findings import paint
from sroute.cli.run import run
from sroute.cli.wishes import USUAL, Wishes, start_options
from sroute.errors import UsageError
from sroute.sip.endpoint import Endpoint
from sroute.testing.expectations import Case
from sroute.testing.report import SIGNS, banner, failure, summary, write_junit
from sroute.testing.runner import Setup
from sroute.testing.session import Result, chosen, collect, run_all

COLOURS = {"passed": "green", "failed": "red", "error": "red"}
CASE_OPTIONS = ("kamailio", "src", "dst", "route", "sets", "stubs", "seed", "max_steps", "documented")
"""The options of `sroute run` that a script may give itself in `# options:`: none that opens files, databases or the network."""

EPILOG = """\b
Examples:
  sroute test
  sroute test -x -k 'auth and not db' tests/
  sroute test -q --junit report.xml kamailio-tests/register.cfg
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("scripts", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("-k", "words", default="", metavar="WORDS", help="Only paths that fit: WORD, 'not WORD', 'A and B', 'A or B'.")
@click.option("-x", "stop", is_flag=True, help="Stop at the first script that does not pass.")
@click.option("-q", "quiet", is_flag=True, help="Only what failed, and the summary.")
@click.option("--junit", default=None, metavar="FILE", type=click.Path(path_type=Path), help="Write a JUnit report.")
@start_options
def test(scripts: tuple[Path, ...], words: str, stop: bool, quiet: bool, junit: Path | None, wishes: Wishes) -> int:
    """Run scripts that carry `# expect:` comments (files, or folders; by default this one) and compare.

    \b
    # expect: TEXT             the script logs TEXT; all such comments, in order
    # expect diag: TEXT        Kamailio complains, in order, with TEXT in it
    # expect refused           the script does not start
    # send: FILE               messages that enter (default, none)
    # advance: 3s              time passes
    # define: NAME[=VALUE]     as -A
    # rpc: COMMAND             with `# expect rpc: LINE` for each line it prints
    # options: ...             options of `sroute run`, such as --stub 'f=1'

    What is sent is compared with SCRIPT.sent where that file exists.
    """
    begin = time.perf_counter()
    found = collect(scripts or (Path(),))
    wanted = chosen(found, words) if words else found
    results: list[Result] = []
    for result in run_all(wanted, partial(setup, wishes=wishes)):
        results.append(result)
        if not quiet:
            click.echo(click.style(SIGNS[result.word], fg=COLOURS[result.word]), nl=len(results) % 100 == 0)
        if stop and result.word != "passed":
            break
    seconds = time.perf_counter() - begin
    _report(results, seconds, quiet=quiet)
    if junit is not None:
        write_junit(results, junit, seconds)
    return _status(results)


def setup(case: Case, wishes: Wishes = USUAL) -> Setup:
    """What a case runs with: the options of the command, and its own `# options:`, which are read as those of `sroute run`."""
    command = click.Command("# options:", params=[option for option in run.params if option.name in CASE_OPTIONS])
    try:
        given = command.make_context("# options:", list(case.options), default_map=asdict(wishes)).params
    except click.ClickException as wrong:
        raise UsageError(f"{case.path}: {wrong.format_message()}") from None
    own = replace(wishes, **{name: given[name] for name in ("kamailio", "stubs", "seed", "max_steps", "documented")})
    return Setup(
        options=replace(own.options(case.path), only_route=given["route"]),
        src=Endpoint.parse(given["src"]),
        dst=opt.endpoint(given["dst"]),
        assignments=tuple(assignment(text) for text in given["sets"]),
        defines=own.defines,
        dialect=own.dialect,
    )


def _report(results: list[Result], seconds: float, *, quiet: bool) -> None:
    if results and not quiet:
        click.echo()
    bad = [result for result in results if result.word != "passed"]
    if bad:
        click.echo(banner("FAILURES"))
    for result in bad:
        for line in failure(result, paint):
            click.echo(line)
    click.echo(click.style(summary(results, seconds), fg="red" if bad else "green", bold=True))


def _status(results: list[Result]) -> int:
    """1 when an expectation failed; 2 when nothing failed but a script could not be run, or there was none."""
    words = {result.word for result in results}
    if "failed" in words:
        return 1
    return 2 if "error" in words or not results else 0
