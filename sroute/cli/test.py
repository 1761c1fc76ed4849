"""`sroute test`: scripts that carry their expectations."""

import time
from pathlib import Path
from typing import Any

import click

from sroute.cli import options as opt
from sroute.cli.assignments import assignment, stub
from sroute.cli.findings import paint
from sroute.cli.run import run
from sroute.errors import UsageError
from sroute.instance.options import Options
from sroute.runtime.world import World
from sroute.sip.endpoint import Endpoint
from sroute.testing.expectations import Case
from sroute.testing.report import SIGNS, banner, failure, summary, write_junit
from sroute.testing.runner import Setup
from sroute.testing.session import Result, chosen, collect, run_all

COLOURS = {"passed": "green", "failed": "red", "error": "red"}
CASE_OPTIONS = ("kamailio", "src", "dst", "route", "sets", "stubs", "seed", "max_steps", "databases", "allow_net", "paths", "documented")
"""The options of `sroute run` that a script may give itself in `# options:`."""

EPILOG = """\b
Examples:
  sroute test
  sroute test -x -k 'auth and not db' tests/
  sroute test -q --junit report.xml kamailio-tests/register.cfg
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("-k", "words", default="", metavar="WORDS", help="Only paths that fit: WORD, 'not WORD', 'A and B', 'A or B'.")
@click.option("-x", "stop", is_flag=True, help="Stop at the first script that does not pass.")
@click.option("-q", "quiet", is_flag=True, help="Only what failed, and the summary.")
@click.option("--junit", default=None, metavar="FILE", type=click.Path(path_type=Path), help="Write a JUnit report.")
def test(paths: tuple[Path, ...], words: str, stop: bool, quiet: bool, junit: Path | None) -> int:
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
    found = collect(paths or (Path(),))
    wanted = chosen(found, words) if words else found
    results: list[Result] = []
    for result in run_all(wanted, setup):
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


def setup(case: Case) -> Setup | None:
    """What a case runs with: its `# options:`, read as those of `sroute run`."""
    command = click.Command("# options:", params=[option for option in run.params if option.name in CASE_OPTIONS])
    try:
        given = command.make_context("# options:", list(case.options)).params
    except click.ClickException as wrong:
        raise UsageError(f"{case.path}: {wrong.format_message()}") from None
    return Setup(
        options=Options(
            seed=given["seed"],
            max_steps=given["max_steps"],
            stubs=dict(stub(text) for text in given["stubs"]),
            documented=given["documented"],
            only_route=given["route"],
            world=_world(case, given),
        ),
        src=Endpoint.parse(given["src"]),
        dst=opt.endpoint(given["dst"]),
        assignments=tuple(assignment(text) for text in given["sets"]),
        dialect=opt.chosen_dialect(given["kamailio"]),
    )


def _world(case: Case, given: dict[str, Any]) -> World:
    databases = dict(text.rpartition("=")[::2] for text in given["databases"])
    paths = tuple(Path(path) for path in given["paths"])
    return World(folder=case.path.parent, allow_net=given["allow_net"], allow_paths=paths, databases=databases)


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
