"""Runs a case in sroute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sroute.dialect import DEFAULT, Dialect
from sroute.instance.api import check
from sroute.instance.events import Diag, Failed, Log
from sroute.instance.instance import Instance
from sroute.instance.options import Options
from sroute.runtime.values import Value
from sroute.runtime.world import World
from sroute.sip import messagefile
from sroute.sip.endpoint import PEER, Endpoint
from sroute.source.diagnostic import Diagnostic
from sroute.testing import sidecar
from sroute.testing.expectations import Advance, Case, Send
from sroute.testing.outcome import Outcome

COMPLAINTS = ("ALERT", "BUG", "CRITICAL", "ERROR", "WARNING")


@dataclass(frozen=True, slots=True)
class Setup:
    """What a case runs with besides its script: options of the instance (None: the usual ones), the two ends, first assignments."""

    options: Options | None = None
    src: Endpoint = PEER
    dst: Endpoint | None = None
    assignments: tuple[tuple[str, Value], ...] = ()
    defines: Mapping[str, str | None] = field(default_factory=dict)
    dialect: Dialect = DEFAULT


def run(case: Case, setup: Setup | None = None) -> Outcome:
    """What comes of a case in sroute; UsageError when a message file can't be read or makes no sense."""
    setup = setup or Setup()
    options = setup.options or Options(world=World(folder=case.path.parent))
    own = {name: value if equals else None for name, equals, value in (define.partition("=") for define in case.defines)}
    program, findings = check(case.path, case.text, defines={**setup.defines, **own}, dialect=setup.dialect)
    if program is None or program.refused:
        return _refused(findings)
    instance = Instance(program, options)
    if instance.refused:
        return _refused(instance.findings)
    for name, value in setup.assignments:
        instance.assign(name, value)
    given = [text for step in case.steps for text in _step(instance, step, setup)]
    rpc = tuple(instance.rpc_line(call.command).text for call in case.rpc)
    outcome = _outcome(instance, given, rpc)
    instance.stop()
    return outcome


def _refused(findings: Iterable[Diagnostic]) -> Outcome:
    return Outcome(refused=tuple(finding for finding in findings if finding.severity == "error"))


def _step(instance: Instance, step: Send | Advance, setup: Setup) -> list[str]:
    """Do a step; the texts that came in by it, as written."""
    if isinstance(step, Advance):
        instance.advance(step.seconds)
        return []
    written = step.entries(setup.src)
    for entry in written:
        message = messagefile.render(entry, _sent(instance), setup.src, setup.dst or instance.sockets.listen[0].endpoint)
        instance.receive(message.text, message.src, message.dst)
    return [entry.text for entry in written]


def _sent(instance: Instance) -> list[messagefile.Sent]:
    return [messagefile.Sent(event.message, event.src, event.dst) for event in instance.sent]


def _outcome(instance: Instance, given: list[str], rpc: tuple[str, ...]) -> Outcome:
    events = instance.events
    return Outcome(
        log=tuple(event.text for event in events if isinstance(event, Log)),
        diags=tuple(event.text for event in events if isinstance(event, Diag) and event.level in COMPLAINTS and not event.note),
        sent=sidecar.render(_sent(instance), given),
        rpc=rpc,
        trouble=tuple(event.finding for event in events if isinstance(event, Failed)),
    )
