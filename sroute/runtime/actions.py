"""The actions of a script as Kamailio numbers them, for modules that watch each of them (debugger)."""

from dataclasses import dataclass
from typing import Protocol

from sroute.runtime.run import Run
from sroute.runtime.values import Value


@dataclass(frozen=True, slots=True)
class Action:
    """One action: the kind and name of the block in which it is written, its place, number and name."""

    kind: str
    route: str
    file: str
    line: int
    code: int
    name: str


class ActionWatch(Protocol):
    """What a module does around actions."""

    def before(self, run: Run, action: Action) -> None:
        """An action is about to begin."""

    def assigned(self, run: Run, name: str, value: Value) -> None:
        """A variable was assigned by a statement; this is what it reads as now."""
