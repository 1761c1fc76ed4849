"""prompt_toolkit's side of completion."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

DOC_WIDTH = 70


class Found(Protocol):
    """A completion as `assist` finds it."""

    @property
    def text(self) -> str:
        """What is inserted."""

    @property
    def start(self) -> int:
        """From where on it replaces the text."""

    @property
    def label(self) -> str:
        """What the menu shows; empty: the text."""

    @property
    def doc(self) -> str:
        """A line about it."""


class Finder(Protocol):
    """What finds completions."""

    def complete(self, text: str, cursor: int) -> Sequence[Found]:
        """What may stand at the cursor."""


class SessionCompleter(Completer):
    """Completions of a session that may still be starting."""

    def __init__(self, finder: Callable[[], Finder | None]) -> None:
        """finder gives None until the session is there."""
        self._finder = finder

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What may stand at the cursor."""
        finder = self._finder()
        if finder is None:
            return
        for found in finder.complete(document.text, document.cursor_position):
            doc = found.doc if len(found.doc) <= DOC_WIDTH else f"{found.doc[: DOC_WIDTH - 1]}…"
            yield Completion(found.text, found.start - document.cursor_position, found.label or found.text, doc)
