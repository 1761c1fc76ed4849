"""A session of `sroute repl`: how it starts, and how it goes without a terminal."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module

import click

from sroute.cli.asked import Asked
from sroute.cli.assignments import assignment
from sroute.cli.findings import finding_lines
from sroute.cli.story import Story
from sroute.errors import ScriptError
from sroute.instance.events import Diag, Event, Failed, Log
from sroute.repl import inputs
from sroute.repl.evaluate import Evaluator
from sroute.repl.host import Host
from sroute.repl.outcome import Outcome
from sroute.repl.session import Setup
from sroute.repl.show import Plain
from sroute.source.diagnostic import Diagnostic

DUMB = ("dumb", "unknown")


def start(asked: Asked, hear: Callable[[Event], None]) -> Evaluator:
    """A session.

    Raises ScriptError, UsageError.
    """
    wishes = asked.wishes
    assignments = tuple(map(assignment, asked.sets))
    return Evaluator(Setup(asked.script, wishes.defines, wishes.dialect, wishes.options(asked.script), assignments), hear)


def host(asked: Asked) -> Host:
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

    made = Host(start(asked, hear))
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


def play(asked: Asked, given: tuple[str, ...], *, keep_going: bool) -> int:
    """The given inputs, or those of stdin, one after the other; status 1 at the first error, or at the end."""
    try:
        evaluator = start(asked, tell)
    except ScriptError as error:
        refuse(error)
        return 1
    failed = False
    plain = Plain(click.echo, lambda text: click.echo(text, err=True))
    for text in _given(given, asked):
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


def _given(given: tuple[str, ...], asked: Asked) -> Iterator[str]:
    if given:
        yield from (os.fsencode(text).decode("latin-1") for text in given)
    else:
        yield from inputs.split((line.decode("latin-1") for line in sys.stdin.buffer), asked.wishes.dialect)
