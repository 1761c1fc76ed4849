"""Dot commands: how one is declared, and how a line becomes one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from sroute.source.diagnostic import Diagnostic
from sroute.source.nearest import did_you_mean
from sroute.source.text import Source, Span

T = TypeVar("T")
Argument = Literal["", "file", "table", "route", "rpc", "name", "variable"]
"""What an argument names, for completion."""


@dataclass(frozen=True, slots=True)
class Spec(Generic[T]):
    """A command: how it is written, what it does, what it does it with; looks says that it changes nothing."""

    name: str
    usage: str
    doc: str
    action: Callable[[T, str], None]
    argument: Argument = ""
    looks: bool = False


@dataclass(frozen=True, slots=True)
class Command(Generic[T]):
    """A command of a line with the text behind its name."""

    spec: Spec[T]
    argument: str


class Commands(Generic[T]):
    """A set of commands, by name."""

    def __init__(self, *others: "Commands[T]") -> None:
        """The commands of others, to which more can be added."""
        self.by_name: dict[str, Spec[T]] = {name: spec for other in others for name, spec in other.by_name.items()}

    def add(
        self, usage: str, *, argument: Argument = "", looks: bool = False
    ) -> Callable[[Callable[[T, str], None]], Callable[[T, str], None]]:
        """Declares a command by its usage, `send [FILE | METHOD URI]`; the function's docstring is its help."""
        name = usage.partition(" ")[0]

        def declare(action: Callable[[T, str], None]) -> Callable[[T, str], None]:
            doc = (action.__doc__ or "").strip().split("\n")[0]
            self.by_name[name] = Spec(name, f".{usage}", doc, action, argument, looks)
            return action

        return declare

    def parse(self, line: str) -> Command[T] | Diagnostic:
        """The command of a line that begins with a dot; a finding where there is none of that name."""
        text = line.strip()
        word, _, rest = text[1:].partition(" ") if " " in text else (text[1:], "", "")
        word, _, tail = word.partition("\n")
        spec = self.by_name.get(word)
        if spec is None:
            start = line.index(".")
            hint = did_you_mean(word, self.by_name)
            span = Span(Source("<input>", line), start, start + 1 + len(word))
            shown = hint.replace("mean ", "mean .") if hint else ".help lists them"
            return Diagnostic("RP001", "error", f"there is no command .{word}", span, shown)
        return Command(spec, (tail + rest).strip())
