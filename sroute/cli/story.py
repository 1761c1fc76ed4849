"""The run as a story for people: what came in, what the script said, what left, how it ended."""

from dataclasses import dataclass, field

import click

from sroute.cli.findings import finding_lines, paint
from sroute.instance.events import Diag, End, Event, Failed, Load, Log, Recv, RpcAnswer, Send, Trace
from sroute.source.excerpt import readable, show
from sroute.source.text import Span

LEVEL_COLOURS = {"ALERT": "red", "BUG": "red", "CRITICAL": "red", "ERROR": "red", "WARNING": "yellow", "NOTICE": "cyan"}
Tables = dict[str, dict[str, int | str | None]]


def where(span: Span | None) -> str:
    """`file:line` in grey, or nothing."""
    return click.style(f"  {span.source.name.rsplit('/', 1)[-1]}:{span.line}", fg="bright_black") if span else ""


def first_line(message: str) -> str:
    """The request or status line."""
    return readable(message.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")).removesuffix(" SIP/2.0").removeprefix("SIP/2.0 ")


@dataclass(slots=True)
class Story:
    """Prints events as they happen; verbose shows whole messages."""

    verbose: bool = False
    before: Tables = field(default_factory=dict)

    def tell(self, event: Event) -> None:
        """Prints one event."""
        match event:
            case Load():
                for line in finding_lines(event.findings):
                    click.echo(line, err=True)
            case Recv():
                self._message("==>", "green", event.message, f"{event.src} to {event.dst}")
            case Send():
                self._message(f"<== #{event.number}", "blue", event.message, f"{event.src} to {event.dst}")
            case Log():
                level = click.style(f"{event.level:>8}", fg=LEVEL_COLOURS.get(event.level))
                click.echo(f"{level} {readable(event.text)}{where(event.span)}")
            case Diag():
                self._diag(event)
            case RpcAnswer():
                click.echo(f"     rpc {event.command}")
                click.echo("".join(f"         {readable(line.expandtabs(4))}\n" for line in event.text.splitlines()), nl=False)
            case Trace():
                self._trace(event)
            case Failed():
                click.echo(show(event.finding, paint))
            case End():
                click.echo(f"         {event.route}: {event.how}, code {event.retcode}")

    def _message(self, arrow: str, colour: str, message: str, ends: str) -> None:
        click.echo(f"{click.style(arrow, fg=colour, bold=True)} {first_line(message)}  {click.style(ends, fg='bright_black')}")
        if self.verbose:
            click.echo("".join(f"    | {readable(line)}\n" for line in message.splitlines()), nl=False)

    def _diag(self, event: Diag) -> None:
        if event.note:
            click.echo(f"{click.style('    note', fg='cyan')} {readable(event.text)}{where(event.span)}")
        else:
            level = click.style(f"{event.level:>8}", fg=LEVEL_COLOURS.get(event.level))
            click.echo(f"{level} Kamailio ({event.source}): {readable(event.text)}{where(event.span)}")

    def _trace(self, event: Trace) -> None:
        values = [f"{name}={_value(value)}" for name, value in event.reads.items()]
        values += [f"{name}:={_value(value)}" for name, value in event.writes.items()]
        shown = f"  [{', '.join(values)}]" if values else ""
        click.echo(click.style(f"{event.span.line:>8} {readable(event.statement)}{shown}", fg="bright_black"))

    def passed(self, seconds: float, *, show: bool) -> None:
        """Time passes."""
        if show:
            click.echo(f"    ---- {seconds:g} s later")

    def end(self, tables: Tables) -> None:
        """The run is over: which tables changed."""
        for name, items in tables.items():
            old = self.before.get(name, {})
            for key in [*old, *(key for key in items if key not in old)]:
                if key not in items:
                    click.echo(f"   table {name}: {readable(key)} removed (was {_value(old[key])})")
                elif key not in old or old[key] != items[key]:
                    click.echo(f"   table {name}: {readable(key)} = {_value(items[key])}")


def _value(value: int | str | None) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else f'"{readable(value)}"'
