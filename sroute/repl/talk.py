"""What evaluator and commands share about a session: the outcome in the making, past inputs, files that were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sroute.errors import UsageError
from sroute.repl.commands import Spec
from sroute.repl.debugger import Debugger
from sroute.repl.outcome import Note, Outcome, Part, Problem
from sroute.repl.session import Session
from sroute.runtime.run import Run
from sroute.source.diagnostic import Diagnostic
from sroute.source.nearest import did_you_mean
from sroute.syntax.nodes import Script


@dataclass(slots=True)
class Entry:
    """An input that was evaluated, with all that it takes to evaluate it again: the files and the script that it read.

    looks says that it changes nothing, stopped that it was stopped halfway and can't be repeated.
    """

    text: str
    files: dict[str, str] = field(default_factory=dict)
    script: Script | None = None
    looks: bool = False
    stopped: bool = False


@dataclass(slots=True)
class Talk:
    """A session as commands see it."""

    session: Session
    debugger: Debugger
    specs: Mapping[str, Spec["Talk"]]
    outcome: Outcome = field(default_factory=Outcome)
    entry: Entry = field(default_factory=lambda: Entry(""))
    past: list[Entry] = field(default_factory=list)
    back: int = 0
    """How many inputs `.undo` is to take back."""

    @property
    def run(self) -> Run:
        """What an input is evaluated in: the run that is paused, else that of the current message."""
        paused = self.debugger.paused
        return paused.run if paused is not None else self.session.run

    def show(self, part: Part) -> None:
        """Adds to the outcome."""
        self.outcome.add(part)

    def note(self, text: str, *, quiet: bool = False) -> None:
        """Adds a line to the outcome; a quiet one is for a terminal only."""
        self.outcome.add(Note(text, quiet))

    def refused(self, findings: Sequence[Diagnostic]) -> bool:
        """Adds findings; whether there were any."""
        for found in findings:
            self.outcome.add(Problem(found))
        return bool(findings)

    def wrong(self, text: str, hint: str | None = None) -> None:
        """Adds an error that has no place in the input."""
        self.outcome.add(Problem(Diagnostic("RP002", "error", text, None, hint)))

    def unknown(self, what: str, name: str, known: Sequence[str]) -> None:
        """Adds the error that there is nothing of that name, with the nearest one."""
        self.wrong(f"there is no {what} {name}", did_you_mean(name, known) or (f"there are: {', '.join(known)}" if known else None))

    def read(self, path: str) -> str:
        """The latin-1 text of a file, as it was when the input was first evaluated.

        Raises UsageError.
        """
        if path not in self.entry.files:
            try:
                self.entry.files[path] = Path(path).expanduser().read_bytes().decode("latin-1")
            except OSError as error:
                raise UsageError(f"{path}: {error.strerror or error}") from None
        return self.entry.files[path]

    def idle(self) -> bool:
        """Whether nothing is paused; an error else."""
        if self.debugger.paused is None:
            return True
        self.wrong("a run is paused", ".continue lets it go on")
        return False
