"""Test scripts: what a script sends itself and what it expects, read from its comments.

`tests/spec/README.md` describes the notation for users; `notation` knows how a comment is written, `runner` runs a case.
"""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from sroute.errors import UsageError
from sroute.sip import compose, messagefile
from sroute.sip.endpoint import Endpoint
from sroute.source.text import Source, Span
from sroute.testing.notation import KEYS, Comment, Key, notation, unescape

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")


@dataclass(frozen=True, slots=True)
class Send:
    """A step: the messages of a file enter; None is the composed OPTIONS that is sent where nothing else is named."""

    file: Path | None

    def entries(self, src: Endpoint) -> list[messagefile.Entry]:
        """The messages; UsageError when the file can't be read."""
        if self.file is None:
            return [messagefile.Entry("-", 1, compose.request(src))]
        return messagefile.read(_text(self.file), str(self.file))


@dataclass(frozen=True, slots=True)
class Advance:
    """A step: time passes."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What a comment expects, and where it does."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class RpcCall:
    """A command that runs after the last step, and the lines that it prints."""

    command: str
    span: Span
    output: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A script with what should come of it."""

    path: Path
    source: Source = field(repr=False)
    steps: tuple[Send | Advance, ...]
    log: tuple[Expected, ...]
    diags: tuple[Expected, ...]
    refused: Expected | None
    rpc: tuple[RpcCall, ...]
    defines: tuple[str, ...]
    options: tuple[str, ...]
    covers: tuple[Expected, ...]

    @property
    def text(self) -> str:
        """The script, latin-1 held."""
        return self.source.text

    @property
    def sidecar(self) -> Path:
        """The file that holds what is sent."""
        return self.path.with_suffix(".sent")


def duration(text: str) -> float:
    """Seconds of `30`, `30s`, `0.5`, `15m`, `2h` or `1d`; ValueError for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a duration: {text!r}")
    return float(match[1]) * _UNITS[match[2]]


class _Reader:
    """Collects the comments of one script into a case."""

    def __init__(self, source: Source, folder: Path) -> None:
        self.source, self.folder = source, folder
        self.steps: list[Send | Advance] = []
        self.silent = False
        self.texts: dict[Key, list[Expected]] = {key: [] for key in KEYS}
        self.rpc: list[RpcCall] = []

    def add(self, comment: Comment) -> None:
        """Take one comment; what is wrong with it is a ValueError."""
        match comment.key:
            case "send":
                self._send(comment.text.strip())
            case "advance":
                self.steps.append(Advance(duration(comment.text)))
            case "rpc":
                self.rpc.append(RpcCall(comment.text.strip(), comment.span))
            case "expect rpc":
                self._output(Expected(unescape(comment.text), comment.span))
            case "options":
                shlex.split(comment.text)
                self.texts[comment.key].append(Expected(comment.text, comment.span))
            case "define" | "covers":
                self.texts[comment.key].append(Expected(comment.text.strip(), comment.span))
            case _:
                self.texts[comment.key].append(Expected(unescape(comment.text), comment.span))

    def _send(self, name: str) -> None:
        if name == "none":
            self.silent = True
        elif name == "default":
            self.steps.append(Send(None))
        elif name:
            self.steps.append(Send(self.folder / name))
        else:
            raise ValueError("name a message file, 'default' or 'none'")

    def _output(self, line: Expected) -> None:
        if not self.rpc:
            raise ValueError("no '# rpc:' before this line")
        last = self.rpc[-1]
        self.rpc[-1] = RpcCall(last.command, last.span, (*last.output, line))

    def all_steps(self) -> tuple[Send | Advance, ...]:
        """The steps, with the message that is sent where no comment names one."""
        sends = any(isinstance(step, Send) for step in self.steps)
        if self.silent and sends:
            raise UsageError(f"{self.source.name}: '# send: none' beside messages to send")
        return tuple(self.steps) if sends or self.silent else (Send(None), *self.steps)


def parse(path: Path, text: str) -> Case:
    """The case that a script makes; UsageError names the line of a comment that makes no sense."""
    source = Source(str(path), text)
    reader = _Reader(source, path.parent)
    for comment in notation(source):
        try:
            reader.add(comment)
        except ValueError as wrong:
            raise UsageError(f"{path}:{comment.span.line}: {wrong}") from None
    texts = reader.texts
    return Case(
        path=path,
        source=source,
        steps=reader.all_steps(),
        log=tuple(texts["expect"]),
        diags=tuple(texts["expect diag"]),
        refused=next(iter(texts["expect refused"]), None),
        rpc=tuple(reader.rpc),
        defines=tuple(expected.text for expected in texts["define"]),
        options=tuple(word for expected in texts["options"] for word in shlex.split(expected.text)),
        covers=tuple(texts["covers"]),
    )


def read(path: Path) -> Case:
    """The case in a file; UsageError when it can't be read."""
    return parse(path, _text(path))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("latin-1")
    except OSError as wrong:
        raise UsageError(f"{path}: {wrong.strerror}") from None
