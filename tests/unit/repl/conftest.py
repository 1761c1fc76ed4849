"""A session whose outcomes are plain lines."""

from collections.abc import Callable

import pytest

from sroute.instance.events import Event, Log
from sroute.repl.evaluate import Evaluator
from sroute.repl.outcome import Problem
from sroute.repl.session import Setup
from sroute.repl.show import lines


class Desk:
    """An evaluator with what it printed and logged."""

    def __init__(self, script: str | None = None) -> None:
        self.heard: list[Event] = []
        self.evaluator = Evaluator(Setup(script), self.heard.append)

    def __call__(self, text: str) -> list[str]:
        """The lines of an input's outcome."""
        return [line for part in self.evaluator.evaluate(text).parts for line in lines(part)]

    def all(self, *texts: str) -> list[str]:
        """The lines of the last of several inputs, which must all be fine."""
        said: list[str] = []
        for text in texts:
            outcome = self.evaluator.evaluate(text)
            assert not outcome.failed, [part.finding for part in outcome.parts if isinstance(part, Problem)]
            said = [line for part in outcome.parts for line in lines(part)]
        return said

    def code(self, text: str) -> str:
        """The code of the error that an input is answered with."""
        outcome = self.evaluator.evaluate(text)
        assert outcome.failed
        return next(part.finding.code for part in outcome.parts if isinstance(part, Problem))

    @property
    def logs(self) -> list[str]:
        return [event.text for event in self.heard if isinstance(event, Log)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def desk_of() -> Callable[[str], Desk]:
    return Desk
