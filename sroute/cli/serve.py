"""`sroute serve`: an instance on loopback that real programs talk to."""

import json
import os
import signal
import traceback
from dataclasses import replace

import click

from sroute.cli import options as opt
from sroute.cli.findings import finding_lines
from sroute.cli.story import Story
from sroute.cli.wishes import Wishes, start_options
from sroute.errors import UsageError
from sroute.instance.api import check
from sroute.instance.events import Event
from sroute.instance.instance import Instance
from sroute.instance.live import Server
from sroute.instance.live_settings import Doors, of_script, open_doors
from sroute.runtime.clock import RealClock, VirtualClock
from sroute.sip.endpoint import LOCAL, Endpoint
from sroute.source.diagnostic import Diagnostic

INTERRUPTED = 130
HTTP_PORT = 8080

EPILOG = """\b
Examples:
  sroute serve kamailio.cfg --listen udp:127.0.0.1:5080 --ctl unix:/tmp/ctl
  sroute serve kamailio.cfg --http 127.0.0.1:8080 --json
  sroute serve kamailio.cfg --virtual-clock --ctl unix:/tmp/ctl  (then: kamcmd -s unix:/tmp/ctl sroute.advance 30)
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("script")
@click.option("--listen", default=None, metavar="ADDR", help="Serve SIP there instead of on the sockets of the script.")
@click.option("--http", multiple=True, metavar="HOST:PORT", help="JSON-RPC over HTTP there (repeatable).")
@click.option("--ctl", multiple=True, metavar="ADDR", help="kamcmd there: unix:PATH, unixd:PATH, tcp:HOST:PORT, udp:HOST:PORT.")
@click.option("--jsonrpc-socket", multiple=True, metavar="PATH", help="JSON-RPC on a unix datagram socket.")
@click.option("--jsonrpc-fifo", multiple=True, metavar="PATH", help="JSON-RPC on a fifo.")
@click.option("--fifo-reply-dir", default="/tmp", show_default=True, metavar="DIR", help="Where the fifos for answers are.")
@click.option("--virtual-clock", is_flag=True, help="Time passes only by the command sroute.advance SECONDS.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each event.")
@click.option("-v", "--verbose", is_flag=True, help="Show whole messages.")
@start_options
def serve(
    script: str,
    wishes: Wishes,
    listen: str | None,
    http: tuple[str, ...],
    ctl: tuple[str, ...],
    jsonrpc_socket: tuple[str, ...],
    jsonrpc_fifo: tuple[str, ...],
    fifo_reply_dir: str,
    virtual_clock: bool,
    as_json: bool,
    verbose: bool,
) -> int:
    """Serve SCRIPT on loopback: SIP over UDP and TCP, RPC for kamcmd and as JSON, until Ctrl-C."""
    here = opt.endpoint(listen)
    chosen = replace(wishes.options(script), listen=here or LOCAL, keep_events=False)
    doors = Doors(ctl, tuple(Endpoint.parse(text, "tcp", HTTP_PORT) for text in http), jsonrpc_socket, jsonrpc_fifo, fifo_reply_dir)
    program, findings = check(script, defines=wishes.defines, dialect=wishes.dialect)
    if program is None or program.refused:
        return _refused(script, findings)
    if here is not None:
        program.settings.listen.clear()
    instance = Instance(program, chosen, clock=VirtualClock() if virtual_clock else RealClock())
    if instance.refused:
        return _refused(script, tuple(instance.findings))
    return _serve(instance, doors, _teller(as_json, verbose), wishes.allow_net)


class _Teller:
    """Prints events as they happen."""

    def __init__(self, as_json: bool, story: Story) -> None:
        self.as_json, self.story = as_json, story

    def tell(self, event: Event) -> None:
        if self.as_json:
            click.echo(json.dumps(event.as_json(), ensure_ascii=False))
        else:
            self.story.tell(event)


def _teller(as_json: bool, verbose: bool) -> _Teller:
    return _Teller(as_json, Story(verbose=verbose))


def _serve(instance: Instance, doors: Doors, teller: _Teller, allow_net: bool) -> int:
    instance.journal.listeners.append(teller.tell)
    server = Server(instance, allow_net=allow_net, complain=lambda text: click.echo(f"serve: {text}", err=True), defect=_defect)
    try:
        opened = [f"SIP on {end}" for end in server.open_sip()]
        opened += open_doors(server, of_script(server, doors))
    except UsageError:
        server.close()
        raise
    for line in opened:
        click.echo(f"serve: {line}", err=True)
    stopped_by = server.run(lambda: click.echo("serve: ready", err=True))
    return INTERRUPTED if stopped_by == signal.SIGINT else 0


def _defect(error: Exception) -> None:
    """Says what went wrong in sroute itself, and where on demand; serving goes on."""
    where = "".join(traceback.format_exception(error)) if os.environ.get("SROUTE_TRACEBACK") else ""
    kind = type(error).__name__
    click.echo(f"{where}serve: internal error, a defect of sroute: {kind}: {error} (SROUTE_TRACEBACK=1 shows where)", err=True)


def _refused(script: str, findings: tuple[Diagnostic, ...]) -> int:
    for line in finding_lines(findings):
        click.echo(line, err=True)
    click.echo(f"{script}: refused, as a real Kamailio would", err=True)
    return 1
