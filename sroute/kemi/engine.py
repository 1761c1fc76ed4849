"""What an instance knows of a KEMI file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sroute.errors import UsageError
from sroute.exports.fixups import Scope
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services


@dataclass(slots=True)
class Context:
    """The run of a KEMI function, and the instance; variables are bound once each."""

    scope: Scope
    services: Services
    run: Run | None = None
    readers: dict[str, Read] = field(default_factory=dict)
    writers: dict[str, Write] = field(default_factory=dict)

    @property
    def running(self) -> Run:
        """The run. KSR is only called while a function runs."""
        assert self.run is not None, "KSR is used outside of a run"
        return self.run

    def complain(self, text: str, source: str = "core", level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.services.diag(level, text, source)


class KemiError(Exception):
    """A function that is missing, or that failed; args[0] is what is logged."""


class Engine(Protocol):
    """A loaded file."""

    context: Context

    def call(self, function: str, event: str) -> None:
        """Calls an event callback; context.run is its run.

        Raises KemiError.
        """


def source(path: Path) -> bytes:
    """The bytes of a file.

    Raises UsageError.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"--kemi {path}: {error.strerror}") from None
