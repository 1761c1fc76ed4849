"""`sroute repl`: talk to a running script."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import click

from sroute.cli import options as opt
from sroute.cli.assignments import assignment, stub
from sroute.cli.findings import finding_lines
from sroute.cli.story import Story
from sroute.errors import ScriptError, UsageError
from sroute.exports.fixups import FixupError
from sroute.instance.events import Diag, Event, Failed, Log
from sroute.instance.options import MAX_STEPS, Options
from sroute.repl import inputs
from sroute.repl.evaluate import Evaluator
from sroute.repl.session import Setup
from sroute.repl.show import Plain
from sroute.runtime.flow import AssignError
from sroute.runtime.world import World
from sroute.source.diagnostic import Diagnostic

EPILOG = """\b
Examples:
  sroute repl kamailio.cfg
  sroute repl -c '$var(x) = 40;' -c '$var(x) + 2'
  echo '$(ru{uri.user})' | sroute repl kamailio.cfg
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("script", required=False)
@opt.script_options
@click.option("-c", "given", multiple=True, metavar="INPUT", help="Evaluate this and leave (repeatable, in order).")
@click.option("--keep-going", is_flag=True, help="With -c or piped input: go on after an error.")
@click.option("--set", "sets", multiple=True, metavar="'$x=v'", help="Assign at the start (repeatable).")
@click.option("--stub", "stubs", multiple=True, metavar="'F=RC[; $x=v]'", help="The result of a function that is not simulated.")
@click.option("--seed", default=1, show_default=True, help="Seed of all randomness.")
@click.option("--max-steps", default=MAX_STEPS, show_default=True, help="Steps that one input may take.")
@click.option("--write", is_flag=True, help="Write databases in place instead of to a copy.")
@click.option("--allow-net", is_flag=True, help="Let the script open network databases.")
@click.option("--allow-path", "paths", multiple=True, metavar="DIR", help="Let the script read files there.")
def repl(
    script: str | None,
    define: tuple[str, ...],
    kamailio: str,
    given: tuple[str, ...],
    keep_going: bool,
    sets: tuple[str, ...],
    stubs: tuple[str, ...],
    seed: int,
    max_steps: int,
    write: bool,
    allow_net: bool,
    paths: tuple[str, ...],
) -> int:
    """Talk to a running SCRIPT: statements, expressions, routes, SIP messages and dot commands (.help).

    Without SCRIPT all simulated modules are loaded.
    """
    folder = Path(script).parent if script else Path()
    world = World(folder=folder, write=write, allow_net=allow_net, allow_paths=tuple(Path(path) for path in paths))
    options = Options(seed=seed, max_steps=max_steps, stubs=dict(stub(text) for text in stubs), world=world)
    setup = Setup(script, opt.defines(define), opt.chosen_dialect(kamailio), options)
    assignments = [assignment(text) for text in sets]
    if given or not sys.stdin.isatty():
        return _play(_start(setup, assignments), _given(given, setup), keep_going=keep_going)
    return _talk(setup, assignments)


def _start(setup: Setup, assignments: list[tuple[str, int | str | None]]) -> Evaluator:
    """A session, or the reason why there is none."""
    evaluator = Evaluator(setup, tell)
    for name, value in assignments:
        try:
            evaluator.session.instance.assign(name, value)
        except (FixupError, AssignError) as error:
            raise UsageError(f"--set {name}: {error.args[0] if error.args else 'refused'}") from None
    return evaluator


def tell(event: Event) -> None:
    """Prints an event as `sroute run` does; what was typed has no place."""
    if isinstance(event, Log | Diag) and event.span is not None and event.span.source.name == "<input>":
        event = replace(event, span=None)
    if isinstance(event, Failed):
        _refuse((event.finding,))
    else:
        Story().tell(event)


def _refuse(findings: tuple[Diagnostic, ...]) -> None:
    for line in finding_lines(findings):
        click.echo(line, err=True)


def _given(given: tuple[str, ...], setup: Setup) -> Iterator[str]:
    if given:
        yield from (os.fsencode(text).decode("latin-1") for text in given)
    else:
        yield from inputs.split((line.decode("latin-1") for line in sys.stdin.buffer), setup.dialect)


def _play(evaluator: Evaluator, given: Iterable[str], *, keep_going: bool) -> int:
    """One input after the other; status 1 at the first error, or at the end."""
    failed = False
    plain = Plain(click.echo, lambda text: click.echo(text, err=True))
    for text in given:
        outcome = evaluator.evaluate(text)
        plain.show(outcome)
        failed |= outcome.failed
        if outcome.leave or (failed and not keep_going):
            break
    evaluator.talk.debugger.abandon()
    evaluator.session.stop()
    return 1 if failed else 0


def _talk(setup: Setup, assignments: list[tuple[str, int | str | None]]) -> int:
    """A session at a terminal."""
    from sroute.repl.prompt import Prompt

    try:
        return Prompt(lambda: _start(setup, assignments), setup).talk()
    except ScriptError as error:
        _refuse(tuple(found for found in error.findings if isinstance(found, Diagnostic)))
        return 1
