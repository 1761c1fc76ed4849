"""What an instance knows of a KEMI file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sroute.errors import StepLimitError, UsageError
from sroute.exports.fixups import Scope
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services

MOST_KEPT = 10_000
"""Variables and calls that are kept bound: a file may make up names without end."""


@dataclass(slots=True)
class Context:
    """The run of a KEMI function, and the instance; variables and calls are bound once each.

    stopped is what ended the message inside a function of KSR (a call that is not simulated, the step limit): the file may catch
    what it raises, the message is over all the same.
    """

    scope: Scope
    services: Services
    run: Run | None = None
    readers: dict[str, Read] = field(default_factory=dict)
    writers: dict[str, Write] = field(default_factory=dict)
    calls: dict[tuple[object, ...], Callable[[Run], int]] = field(default_factory=dict)
    stopped: Exception | None = None

    @property
    def running(self) -> Run:
        """The run. KSR is only called while a function runs."""
        if self.run is None:
            raise KemiError("KSR is used outside of a run")
        return self.run

    def complain(self, text: str, source: str = "core", level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.services.diag(level, text, source)

    def step(self, count: int = 1) -> None:
        """Counts steps of the file; without a run there is nothing to count.

        Raises StepLimitError.
        """
        run = self.run
        if run is None:
            return
        run.steps -= count
        if run.steps < 0:
            self.stopped = StepLimitError("the step limit is reached (--max-steps): an endless loop in the KEMI file?")
            raise self.stopped


class KemiError(Exception):
    """A function that is missing, or that failed; args[0] is what is logged."""


class Engine(Protocol):
    """A loaded file."""

    context: Context
    language: str
    """What `cfgengine` calls it: `lua`, `python`."""
    code: int
    """What a script that called a function gets: of the call that ended last."""

    def has(self, function: str) -> bool:
        """Whether the file has that function."""

    def call(self, function: str, *args: str) -> int:
        """Calls a function: a route of the file, or a callback that gets the name of its event; context.run is its run.

        Gives the flow with which it left. Raises KemiError, NotSimulatedError, StepLimitError.
        """


def source(path: Path) -> bytes:
    """The bytes of a file.

    Raises UsageError.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"--kemi {path}: {error.strerror}") from None
