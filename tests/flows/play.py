"""Plays a flow in sroute, on virtual time."""

from collections import deque

from sroute.errors import UsageError
from sroute.instance.api import load, start
from sroute.instance.events import Diag, Event, Log, Send
from sroute.instance.instance import Instance
from sroute.sip.endpoint import Endpoint
from tests.flows.compose import compose
from tests.flows.script import PROXY, Flow
from tests.flows.transcript import Logged, Sent, Span, written

_LOOPS = 200
_SHOWN = {"ALERT", "BUG", "CRITICAL", "ERROR", "WARNING"}


class Player:
    """One instance and the parties of one flow."""

    def __init__(self, flow: Flow) -> None:
        """Starts the script."""
        self.flow = flow
        self.instance: Instance = start(load(flow.script, defines=dict.fromkeys(flow.defines)))
        self.begun = self.instance.clock.now()
        self.here = Endpoint.parse(PROXY)
        self.sent: list[Sent] = []
        self.spans: list[tuple[list[Sent], list[Logged]]] = [([], [])]
        self.own: deque[Send] = deque()
        self.instance.journal.listeners.append(self._note)

    def _note(self, event: Event) -> None:
        time = self.instance.clock.now() - self.begun
        sent, logged = self.spans[-1]
        match event:
            case Send():
                if event.dst.proto != "udp":
                    raise UsageError(f"flows know UDP only, not {event.dst}")
                if event.dst == self.here:
                    self.own.append(event)
                    return
                one = Sent(time, self.flow.party_at(f"{event.dst.ip}:{event.dst.port}"), event.message)
                self.sent.append(one)
                sent.append(one)
            case Log():
                logged.append(Logged(time, event.level, "script", event.text.removesuffix("\n")))
            case Diag(note=False) if event.level in _SHOWN:
                logged.append(Logged(time, event.level, event.source, event.text))
            case _:
                pass

    def play(self) -> str:
        """Plays all steps: the transcript."""
        for step in self.flow.steps:
            self._until(step.time)
            text = compose(self.flow, step, [s.text for s in self.sent])
            party = self.flow.parties[step.party]
            self.spans.append(([], []))
            self.instance.receive(text, Endpoint("udp", party.host, party.port), self.here)
            self._loop()
        self._until(self.flow.end)
        spans = [Span(n, tuple(sent), tuple(logged)) for n, (sent, logged) in enumerate(self.spans)]
        return written(spans, [step.line for step in self.flow.steps])

    def _until(self, time: float) -> None:
        """Lets time pass from timer to timer, so that what the proxy sends to itself arrives at once."""
        target = self.begun + time
        while (due := self.instance.timers.due()) is not None and due <= target:
            self._advance(due)
        self._advance(target)

    def _advance(self, target: float) -> None:
        self.instance.advance(max(0.0, target - self.instance.clock.now()))
        self._loop()

    def _loop(self) -> None:
        """What the proxy has sent to itself arrives."""
        for _ in range(_LOOPS):
            if not self.own:
                return
            one = self.own.popleft()
            self.instance.receive(one.message, one.src, one.dst)
        raise UsageError(f"{self.flow.name}: a loop without end")
