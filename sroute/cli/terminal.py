"""`sroute repl` at a terminal: the prompt is shown while the session starts."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from sroute.cli.asked import Asked
from sroute.errors import ScriptError
from sroute.repl.prompt import Prompt, Room


def talk(asked: Asked) -> int:
    """A session at a terminal; the status of the command."""

    def start() -> Room:
        made: Room = import_module("sroute.cli.talking").host(asked)
        return made

    shown: list[Callable[[Any], bool]] = []

    def show(outcome: Any) -> bool:
        if not shown:
            shown.append(import_module("sroute.cli.talking").shower())
        return shown[0](outcome)

    try:
        return Prompt(start, show).talk()
    except ScriptError as error:
        import_module("sroute.cli.talking").refuse(error)
        return 1
