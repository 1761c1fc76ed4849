"""A session of `sroute repl`: how it starts, and how it goes without a terminal."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click

from sroute.cli.assignments import assignment, stub
from sroute.cli.findings import finding_lines
from sroute.cli.story import Story
from sroute.cli.wishes import Wishes
from sroute.errors import ScriptError
from sroute.instance.events import Diag, Event, Failed, Log
from sroute.instance.options import Options
from sroute.repl import inputs
from sroute.repl.evaluate import Evaluator
from sroute.repl.host import Host
from sroute.repl.outcome import Outcome
from sroute.repl.session import Setup
from sroute.repl.show import Plain
from sroute.runtime.world import World
from sroute.source.diagnostic import Diagnostic

DUMB = ("dumb", "unknown")


def start(wishes: Wishes, hear: Callable[[Event], None]) -> Evaluator:
    """A session.

    Raises ScriptError, UsageError.
    """
    folder = Path(wishes.script).parent if wishes.script else Path()
    world = World(folder=folder, write=wishes.write, allow_net=wishes.allow_net, allow_paths=tuple(Path(path) for path in wishes.paths))
    stubs = dict(stub(text) for text in wishes.stubs)
    options = Options(seed=wishes.seed, max_steps=wishes.max_steps, stubs=stubs, world=world)
    return Evaluator(Setup(wishes.script, wishes.defines, wishes.dialect, options, tuple(map(assignment, wishes.sets))), hear)


def host(wishes: Wishes) -> Host:
    """A session at a terminal: what its start says is shown with the first outcome."""
    early: list[Event] = []
    started: list[bool] = []

    def hear(event: Event) -> None:
        if not started:
            early.append(event)
            return
        while early:
            tell(early.pop(0))
        tell(event)

    made = Host(start(wishes, hear))
    started.append(True)
    return made


def shower() -> Callable[[Outcome], bool]:
    """What shows outcomes at this terminal."""
    if os.environ.get("TERM", "").lower() in DUMB:
        plain = Plain(click.echo, click.echo)

        def show(outcome: Outcome) -> bool:
            plain.show(outcome)
            return not outcome.leave

        return show
    from rich.console import Console

    shown: Callable[[Outcome], bool] = import_module("sroute.repl.pictures").Pictures(Console()).show
    return shown


def tell(event: Event) -> None:
    """Prints an event as `sroute run` does; what was typed has no place."""
    if isinstance(event, Log | Diag) and event.span is not None and event.span.source.name == "<input>":
        event = replace(event, span=None)
    if isinstance(event, Failed):
        _say((event.finding,))
    else:
        Story().tell(event)


def refuse(error: ScriptError) -> None:
    """Says why the script was refused."""
    _say(tuple(found for found in error.findings if isinstance(found, Diagnostic)))
    click.echo("refused, as a real Kamailio would", err=True)


def _say(findings: tuple[Diagnostic, ...]) -> None:
    for line in finding_lines(findings):
        click.echo(line, err=True)


def play(wishes: Wishes, given: tuple[str, ...], *, keep_going: bool) -> int:
    """The given inputs, or those of stdin, one after the other; status 1 at the first error, or at the end."""
    try:
        evaluator = start(wishes, tell)
    except ScriptError as error:
        refuse(error)
        return 1
    failed = False
    plain = Plain(click.echo, lambda text: click.echo(text, err=True))
    for text in _given(given, wishes):
        outcome = evaluator.evaluate(text)
        plain.show(outcome)
        if evaluator.talk.entry.stopped:
            raise KeyboardInterrupt
        failed |= outcome.failed
        if outcome.leave or (failed and not keep_going):
            break
    evaluator.talk.debugger.abandon()
    evaluator.session.stop()
    return 1 if failed else 0


def _given(given: tuple[str, ...], wishes: Wishes) -> Iterator[str]:
    if given:
        yield from (os.fsencode(text).decode("latin-1") for text in given)
    else:
        yield from inputs.split((line.decode("latin-1") for line in sys.stdin.buffer), wishes.dialect)
