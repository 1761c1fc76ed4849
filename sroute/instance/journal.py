"""The journal of an instance: its events in order, and who is told of them."""

from collections.abc import Callable

from sroute.instance.events import Diag, Event, Log, Send
from sroute.runtime.run import Run
from sroute.sip.endpoint import Endpoint
from sroute.source.text import Span

LEVELS = {"ALERT": -5, "BUG": -4, "CRITICAL": -2, "ERROR": -1, "WARNING": 0, "NOTICE": 1, "INFO": 2, "DEBUG": 3}


class Journal:
    """Collects events; listeners are called for each as it happens."""

    def __init__(self, *, keep: bool = True) -> None:
        """keep False: events go to the listeners only (for long runs)."""
        self.events: list[Event] = []
        self.listeners: list[Callable[[Event], None]] = []
        self.sent = 0
        self._keep = keep
        self._noted: set[tuple[str, int, str]] = set()

    def add(self, event: Event) -> None:
        """Records an event."""
        if self._keep:
            self.events.append(event)
        for listener in self.listeners:
            listener(event)

    def begin(self, event: Event) -> None:
        """Records the load of the script: the first event, though the start has said things already."""
        if self._keep:
            self.events.insert(0, event)

    def log(self, level: str, text: str, run: Run | None) -> None:
        """Output of the script."""
        self.add(Log(level, text.removesuffix("\n"), run.at if run else None))

    def send(self, text: str, source: Endpoint, destination: Endpoint) -> None:
        """A message leaves."""
        self.sent += 1
        self.add(Send(self.sent, source, destination, text))

    def note(self, text: str, span: Span | None) -> None:
        """A remark of sroute's own, once for each place."""
        key = (span.source.name, span.start, text) if span else ("", 0, text)
        if key not in self._noted:
            self._noted.add(key)
            self.add(Diag("NOTICE", text, "sroute", span, note=True))
