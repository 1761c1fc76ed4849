"""What happens in an instance, in order: the events that `sroute run --json` prints."""

import base64
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.rpc import RpcValue
from sroute.sip.endpoint import Endpoint
from sroute.source.diagnostic import Diagnostic
from sroute.source.text import Span

Json = dict[str, Any]


def shown(name: str, text: str) -> Json:
    """A latin-1 held text as JSON fields: UTF-8, and base64 beside it where the bytes are no UTF-8."""
    raw = text.encode("latin-1", "replace")
    try:
        return {name: raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {name: raw.decode("utf-8", "replace"), f"{name}_base64": base64.b64encode(raw).decode("ascii")}


def place(span: Span | None) -> Json:
    """File, line and column of a span as JSON fields."""
    if span is None:
        return {"file": None, "line": None, "column": None}
    begin = span.begin
    return {"file": span.source.name, "line": begin.line, "column": begin.column}


@dataclass(frozen=True, slots=True)
class Load:
    """The script was loaded."""

    file: str
    findings: tuple[Diagnostic, ...] = ()

    def as_json(self) -> Json:
        """As `--json` prints it."""
        return {"event": "load", "file": self.file, "findings": [finding.as_json() for finding in self.findings]}


@dataclass(frozen=True, slots=True)
class Recv:
    """A message enters."""

    src: Endpoint
    dst: Endpoint
    message: str

    def as_json(self) -> Json:
        """As `--json` prints it."""
        return {"event": "recv", "src": str(self.src), "dst": str(self.dst), **shown("message", self.message)}


@dataclass(frozen=True, slots=True)
class Send:
    """A message leaves; number counts from 1."""

    number: int
    src: Endpoint
    dst: Endpoint
    message: str

    def as_json(self) -> Json:
        """As `--json` prints it."""
        return {"event": "send", "src": str(self.src), "dst": str(self.dst), **shown("message", self.message)}


@dataclass(frozen=True, slots=True)
class Log:
    """Output of the script."""

    level: str
    text: str
    span: Span | None = None

    def as_json(self) -> Json:
        """As `--json` prints it."""
        return {"event": "log", "level": self.level, **shown("text", self.text), **place(self.span)}


@dataclass(frozen=True, slots=True)
class Diag:
    """What Kamailio itself would say; with note what sroute says about it."""

    level: str
    text: str
    source: str = "core"
    span: Span | None = None
    note: bool = False

    def as_json(self) -> Json:
        """As `--json` prints it."""
        made = {"event": "diag", "level": self.level, **shown("text", self.text), "source": self.source, **place(self.span)}
        return {**made, "note": True} if self.note else made


@dataclass(frozen=True, slots=True)
class RpcAnswer:
    """The answer of an RPC command."""

    command: str
    text: str
    result: RpcValue = None
    fault: tuple[int, str] | None = None

    def as_json(self) -> Json:
        """As `--json` prints it."""
        made: Json = {"event": "rpc", "command": self.command}
        if self.fault is not None:
            made["fault"] = {"code": self.fault[0], "message": self.fault[1]}
        else:
            made["result"] = self.result
        return {**made, **shown("text", self.text)}


@dataclass(frozen=True, slots=True)
class Trace:
    """A statement has run; reads and writes are values by the text of the variable."""

    span: Span
    route: str
    statement: str
    reads: dict[str, int | str | None] = field(default_factory=dict)
    writes: dict[str, int | str | None] = field(default_factory=dict)

    def as_json(self) -> Json:
        """As `--json` prints it."""
        values = {"reads": _readable(self.reads), "writes": _readable(self.writes)}
        return {"event": "trace", **place(self.span), "route": self.route, **shown("statement", self.statement), **values}


def _readable(values: dict[str, int | str | None]) -> Json:
    return {name: value.encode("latin-1").decode("utf-8", "replace") if isinstance(value, str) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Failed:
    """The run could not go on with this message."""

    finding: Diagnostic

    def as_json(self) -> Json:
        """As `--json` prints it."""
        return {"event": "error", **self.finding.as_json()}


@dataclass(frozen=True, slots=True)
class End:
    """A message, timer or event is done: which block ran, its code, and how it was left."""

    route: str
    retcode: int
    how: str

    def as_json(self) -> Json:
        """As `--json` prints it."""
        return {"event": "end", "route": self.route, "retcode": self.retcode, "how": self.how}


Event = Load | Recv | Send | Log | Diag | RpcAnswer | Trace | Failed | End
