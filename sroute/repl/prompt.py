"""The terminal: history, search, suggestions, colours, several lines. What is typed is evaluated elsewhere.

The first prompt is there before the session is: that starts meanwhile, and the first input waits for it.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import is_dumb_terminal

from sroute.repl.completer import Finder, SessionCompleter
from sroute.syntax.highlight import KamailioLexer

STYLE = Style.from_dict(
    {
        "bottom-toolbar": "noreverse fg:ansibrightblack",
        "bottom-toolbar.now": "bold underline fg:ansidefault",
        "pygments.name.variable": "ansicyan",
        "pygments.literal.string.interpol": "ansicyan",
        "pygments.name.function": "ansiblue",
        "pygments.name.builtin": "ansiblue",
        "pygments.keyword": "ansimagenta",
        "pygments.literal.string": "ansigreen",
        "pygments.literal.number": "ansiyellow",
        "pygments.comment": "ansibrightblack",
        "prompt": "ansigreen bold",
    }
)
PROMPT = "sroute> "
MORE = "   ...> "
GREETING = "Type a statement, an expression, a route, or paste a SIP message. .help lists the commands, Ctrl-D leaves."
INDENT = "    "


class Room(Finder, Protocol):
    """A session as the terminal sees it."""

    def evaluate(self, text: str) -> Any:
        """Evaluates an input; what it came to is for the one who shows it."""

    def unfinished(self, text: str) -> bool:
        """Whether more must come."""

    def toolbar(self, text: str, cursor: int) -> tuple[str, str, str, str] | None:
        """The call under the cursor: before, in and behind its current parameter, and a line about it."""

    def status(self) -> str:
        """Where the session is."""

    def close(self) -> None:
        """Ends the session."""


class Prompt:
    """Reads inputs from a terminal, has them evaluated and shown."""

    def __init__(self, start: Callable[[], Room], show: Callable[[Any], bool]) -> None:
        """start makes the session, in a thread of its own; show shows an outcome, and says whether the session goes on."""
        self._start = start
        self._show = show
        self._room: Room | None = None
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._starting, daemon=True)
        self._session: PromptSession[str] = PromptSession(
            history=history(),
            auto_suggest=AutoSuggestFromHistory(),
            lexer=PygmentsLexer(KamailioLexer),
            completer=SessionCompleter(lambda: self._room),
            complete_while_typing=True,
            multiline=True,
            prompt_continuation=lambda width, number, wrapped: MORE.rjust(width),
            key_bindings=self._keys(),
            bottom_toolbar=self._toolbar,
            style=STYLE,
            message=[("class:prompt", PROMPT)],
        )

    # ------------------------------------------------------------ start

    def _starting(self) -> None:
        try:
            self._room = self._start()
        except Exception as error:
            self._failure = error
            self._leave()

    def _leave(self) -> None:
        """Ends the first prompt: there is no session to talk to."""
        app = self._session.app
        for _ in range(200):
            if app.is_running and app.loop is not None:
                app.loop.call_soon_threadsafe(lambda: app.exit(exception=EOFError()) if not app.is_done else None)
                return
            time.sleep(0.01)

    def _ready(self) -> Room:
        """The session, once it has started.

        Raises what kept it from starting.
        """
        self._thread.join()
        if self._room is None:
            raise self._failure or RuntimeError("the session has not started")
        return self._room

    # ------------------------------------------------------------ keys and toolbar

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("enter", filter=has_focus(DEFAULT_BUFFER))
        def _(event: KeyPressEvent) -> None:
            buffer = event.current_buffer
            state = buffer.complete_state
            if state is not None and state.current_completion is not None:
                buffer.complete_state = None
                return
            self._thread.join()
            if self._room is not None and buffer.text.strip() and self._room.unfinished(as_bytes(buffer.text)):
                line = buffer.document.current_line_before_cursor
                blanks = line[: len(line) - len(line.lstrip())]
                buffer.insert_text("\n" + blanks + (INDENT if line.rstrip().endswith("{") else ""))
            else:
                buffer.validate_and_handle()

        return keys

    def _toolbar(self) -> StyleAndTextTuples:
        room, document = self._room, self._session.default_buffer.document
        if room is None:
            return [("", " starting ...")]
        call = room.toolbar(document.text, document.cursor_position)
        if call is None:
            return [("", f" {room.status()}")]
        before, now, behind, doc = call
        room_left = self._session.app.output.get_size().columns - len(before) - len(now) - len(behind) - 5
        return [("", f" {before}"), ("class:bottom-toolbar.now", now), ("", f"{behind}   {doc[: max(room_left, 0)]}")]

    # ------------------------------------------------------------ talking

    def talk(self) -> int:
        """Reads and evaluates until Ctrl-D or `.exit`; the status of the command."""
        self._thread.start()
        if is_dumb_terminal():
            self._ready()
        else:
            print(GREETING)
        while True:
            try:
                if not self._once():
                    break
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
        self._ready().close()
        return 0

    def _once(self) -> bool:
        """One input; whether more may come."""
        text = self._session.prompt()
        if is_dumb_terminal():
            text = self._whole(text)
        room = self._ready()
        if not text.strip():
            return True
        return self._show(room.evaluate(as_bytes(text)))

    def _whole(self, text: str) -> str:
        """All lines of an input, where the terminal can't edit several."""
        room = self._ready()
        while text.strip() and room.unfinished(as_bytes(text)):
            text += "\n" + self._session.prompt(MORE)
            self._session.message = PROMPT
        return text


def as_bytes(text: str) -> str:
    """Typed text as scripts hold it: one character a byte."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def history() -> History:
    """What was typed in earlier sessions, in the user's state directory."""
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    try:
        folder = Path(base).expanduser() / "sroute"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "repl_history"
        file.touch(mode=0o600)
    except (OSError, RuntimeError):
        return InMemoryHistory()
    return FileHistory(str(file))
