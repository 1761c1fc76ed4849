"""`sroute cluster`: a script on several nodes, over a simulated network."""

import json
from pathlib import Path

import click

from sroute.cli import options as opt
from sroute.scenario import plan as plans
from sroute.scenario.cluster import Cluster, Differences
from sroute.scenario.plan import Plan, Step
from sroute.sip import messagefile
from sroute.sip.endpoint import PEER

EPILOG = """\b
Examples:
  sroute cluster nodes.toml
  sroute cluster nodes.toml --settle 60
  sroute cluster nodes.toml --json
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("plan_file", metavar="PLAN")
@click.option("--kamailio", default="5.6", metavar="VERSION", help="5.6 (default), 6.1 or dev.")
@click.option("--settle", default="30", show_default=True, metavar="D", help="How long nodes have at the end to agree.")
@click.option("--json", "as_json", is_flag=True, help="The differences as one JSON object.")
def cluster(plan_file: str, kamailio: str, settle: str, as_json: bool) -> int:
    """Run a script on the nodes of PLAN (a TOML file) and show what their tables do not agree on; then the status is 1."""
    plan = plans.read(Path(plan_file))
    longest = opt.duration(settle)
    running = plans.build(plan, dialect=opt.chosen_dialect(kamailio))
    for step in plan.steps:
        _play(running, plan, step, quiet=as_json)
    running.advance(longest)
    found = running.differences()
    if as_json:
        click.echo(json.dumps(_readable(found), ensure_ascii=False))
    else:
        _show(running, found)
    return 1 if found else 0


def _play(running: Cluster, plan: Plan, step: Step, *, quiet: bool) -> None:
    match step.action:
        case "advance":
            running.advance(float(step.value))
        case "partition":
            running.partition(step.value)
        case "stop":
            running.stop(step.node)
        case "start":
            running.stop(step.node)
            running.start(step.node)
        case _ if running.nodes[step.node].instance is None:
            click.echo(f"{step.node} is down: {step.action} {step.value} is left out", err=True)
        case "rpc":
            answer = running[step.node].rpc_line(step.value)
            if not quiet:
                click.echo(f"{step.node}: {step.value}\n{answer.text}", nl=False)
        case _:
            _send(running, plan, step)


def _send(running: Cluster, plan: Plan, step: Step) -> None:
    path = plan.folder / step.value
    instance = running[step.node]
    here = instance.sockets.listen[0].endpoint
    for entry in messagefile.read(opt.read_text(str(path)), str(path)):
        incoming = messagefile.render(entry, [], PEER, here)
        instance.receive(incoming.text, incoming.src, incoming.dst)


def _show(running: Cluster, found: Differences) -> None:
    for table, items in found.items():
        for key, values in items.items():
            shown = ", ".join(f"{name} {_text(value)}" for name, value in values.items())
            click.echo(f"{table}=>{_text(key).strip(chr(34))}: {shown}")
    if not found:
        click.echo(f"all {len(running.nodes)} nodes agree")


def _text(value: int | str | None) -> str:
    if value is None:
        return "has none"
    return str(value) if isinstance(value, int) else '"' + value.encode("latin-1", "replace").decode("utf-8", "replace") + '"'


def _readable(found: Differences) -> dict[str, dict[str, dict[str, int | str | None]]]:
    def text(value: str) -> str:
        return value.encode("latin-1", "replace").decode("utf-8", "replace")

    return {
        table: {
            text(key): {name: text(value) if isinstance(value, str) else value for name, value in values.items()}
            for key, values in items.items()
        }
        for table, items in found.items()
    }
