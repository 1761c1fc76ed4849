"""`sroute run`: a script against SIP messages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import click

from sroute.cli import options as opt
from sroute.cli.assignments import assignment
from sroute.cli.findings import finding_lines
from sroute.cli.story import Story
from sroute.cli.wishes import Wishes, start_options
from sroute.errors import UsageError
from sroute.exports.fixups import FixupError
from sroute.instance.api import check
from sroute.instance.events import Event, Failed, Load
from sroute.instance.instance import Instance
from sroute.interpreter.stub import Stub
from sroute.resolve.program import Program
from sroute.runtime.flow import AssignError
from sroute.runtime.values import Value
from sroute.sip import compose, messagefile
from sroute.sip.endpoint import PEER, Endpoint
from sroute.sip.messagefile import Sent
from sroute.source.diagnostic import Diagnostic
from sroute.source.nearest import did_you_mean
from sroute.syntax.reader import MAX_SIZE

ADVANCE = "\0advance "


class Ordered(click.Command):
    """A command that keeps `--advance` among the messages: click would lose their order."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Turns each `--advance D` into a step at its place."""
        steps: list[str] = []
        words = iter(args)
        for word in words:
            if word == "--":
                steps += [word, *words]
            elif word == "--advance":
                steps.append(ADVANCE + next(words, ""))
            elif word.startswith("--advance="):
                steps.append(ADVANCE + word.removeprefix("--advance="))
            else:
                steps.append(word)
        return super().parse_args(ctx, steps)


@dataclass(slots=True)
class Ends:
    """Where messages come from and go to."""

    src: Endpoint
    dst: Endpoint | None


EPILOG = """\b
Examples:
  sroute run kamailio.cfg register.sip --advance 15m register.sip
  sroute run kamailio.cfg --method INVITE --ruri sip:bob@example.com -v
  sroute run kamailio.cfg call.sip --json --rpc 'htable.dump ipban'
"""


@click.command(cls=Ordered, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("script")
@click.argument("steps", nargs=-1, metavar="[MESSAGE | --advance D]...")
@click.option("--advance", metavar="D", expose_value=False, help="Let time pass before the next message (30, 0.5, 15m, 2h, 1d).")
@click.option("--method", default="OPTIONS", help="Method of the message that is made up when none is given.")
@click.option("--ruri", default="", help="Its request URI.")
@click.option("--from", "from_", default="", help="Its From.")
@click.option("--to", default="", help="Its To.")
@click.option("-H", "headers", multiple=True, metavar="'Name: value'", help="A header of it (repeatable).")
@click.option("--body", default="", help="Its body.")
@click.option("--src", default=str(PEER), show_default=True, help="Where messages come from.")
@click.option("--dst", default=None, help="Which of the script's sockets they go to (default: the first).")
@click.option("--route", default=None, help="Run that route instead of request_route.")
@click.option("--set", "sets", multiple=True, metavar="'$x=v'", help="Assign before the first message (repeatable).")
@click.option("--rpc", "rpcs", multiple=True, metavar="LINE", help="An RPC command after the last message (repeatable).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each event.")
@click.option("--trace", is_flag=True, help="Show each statement with what it read and wrote.")
@click.option("-v", "--verbose", is_flag=True, help="Show whole messages.")
@click.option("--max-size", default=MAX_SIZE, show_default=True, help="Largest script in bytes.")
@start_options
def run(
    script: str,
    steps: tuple[str, ...],
    wishes: Wishes,
    method: str,
    ruri: str,
    from_: str,
    to: str,
    headers: tuple[str, ...],
    body: str,
    src: str,
    dst: str | None,
    route: str | None,
    sets: tuple[str, ...],
    rpcs: tuple[str, ...],
    as_json: bool,
    trace: bool,
    verbose: bool,
    max_size: int,
) -> int:
    """Run SCRIPT against SIP messages (files; `-` is stdin) and show what it does."""
    chosen = replace(wishes.options(script), trace=trace, only_route=route)
    ends = Ends(opt.endpoint(src) or PEER, opt.endpoint(dst))
    default = compose.request(ends.src, method=method, ruri=ruri, from_=from_, to=to, headers=headers, body=body)
    plan = _plan(steps, default)
    assignments = [assignment(text) for text in sets]
    program, findings = check(script, defines=wishes.defines, dialect=wishes.dialect, max_size=max_size)
    out = _Out(as_json=as_json, story=Story(verbose=verbose))
    if program is None or program.refused:
        out.refused(script, findings)
        return 1
    _known(program, route, assignments, chosen.stubs)
    instance = Instance(program, chosen)
    if instance.refused:
        out.refused(script, tuple(instance.findings))
        return 1
    return _play(instance, plan, ends, assignments, rpcs, out)


def _play(
    instance: Instance,
    plan: list["float | messagefile.Entry | str"],
    ends: Ends,
    assignments: list[tuple[str, Value]],
    rpcs: Sequence[str],
    out: "_Out",
) -> int:
    for event in instance.events:
        out.event(event)
    instance.journal.listeners.append(out.event)
    out.story.before = instance.tables()
    for name, value in assignments:
        try:
            instance.assign(name, value)
        except AssignError as error:
            raise UsageError(f"--set {name}: {error.args[0] if error.args else 'refused'}") from None
    for step in plan:
        if isinstance(step, float):
            out.story.passed(step, show=not out.as_json)
            instance.advance(step)
        elif isinstance(step, str):
            instance.receive(step, ends.src, ends.dst)
        else:
            sent = [Sent(event.message, event.src, event.dst) for event in instance.sent]
            incoming = messagefile.render(step, sent, ends.src, ends.dst or instance.sockets.listen[0].endpoint)
            instance.receive(incoming.text, incoming.src, incoming.dst)
    for line in rpcs:
        instance.rpc_line(line)
    tables = instance.tables()
    instance.stop()
    out.finish(tables)
    return 1 if out.failed else 0


def _known(program: Program, route: str | None, assignments: list[tuple[str, Value]], stubs: Mapping[str, Stub]) -> None:
    """Refuses options that name what the script does not have."""
    if route is not None and ("request", route) not in program.routes:
        names = [name for kind, name in program.routes if kind == "request" and name]
        raise UsageError(f"--route {route}: the script has no such route{_hint(route, names)}")
    wanted = [("--set", name) for name, _ in assignments]
    wanted += [("--stub", name) for stub_ in stubs.values() for name, _ in stub_.assignments]
    for option, name in wanted:
        try:
            if not program.names.pv(name).writable:
                raise UsageError(f"{option} {name}: it is read-only")
        except FixupError as error:
            raise UsageError(f"{option} {name}: {error.message}{f' ({error.hint})' if error.hint else ''}") from None


def _hint(name: str, known: Sequence[str]) -> str:
    best = did_you_mean(name, known)
    return f" ({best})" if best else ""


def _plan(steps: Sequence[str], default: str) -> list["float | messagefile.Entry | str"]:
    """What happens in order: durations to pass and messages; the default message when there is none."""
    plan: list[float | messagefile.Entry | str] = []
    for step in steps:
        if step.startswith(ADVANCE):
            plan.append(opt.duration(step.removeprefix(ADVANCE)))
        else:
            plan += messagefile.read(opt.read_text(step), step)
    if all(isinstance(step, float) for step in plan):
        plan.insert(0, default)
    return plan


@dataclass(slots=True)
class _Out:
    """Where the events of a run go: JSON lines, or a story for people."""

    as_json: bool
    story: Story
    failed: bool = False

    def event(self, event: Event) -> None:
        """Prints an event."""
        self.failed |= isinstance(event, Failed)
        if self.as_json:
            click.echo(json.dumps(event.as_json(), ensure_ascii=False))
        else:
            self.story.tell(event)

    def refused(self, script: str, findings: tuple[Diagnostic, ...]) -> None:
        """The script does not start."""
        load = Load(script, findings)
        if self.as_json:
            click.echo(json.dumps(load.as_json(), ensure_ascii=False))
        else:
            for line in finding_lines(load.findings):
                click.echo(line, err=True)
            click.echo(f"{script}: refused, as a real Kamailio would", err=True)

    def finish(self, tables: dict[str, dict[str, int | str | None]]) -> None:
        """The run is over."""
        if not self.as_json:
            self.story.end(tables)
