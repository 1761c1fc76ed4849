"""A flow file: who sends what and when. README.md says how one is written."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

PROXY = "127.0.0.1:5060"
_STEP = re.compile(r"(\d+(?:\.\d+)?)\s+(\w+)\s+(.+)\Z")
_REPLY = re.compile(r"(\d{3})(?:\s+(.*?))?\s+to\s+(\d+)((?:\s+[\w-]+=\S*)*)\Z")
_REQUEST = re.compile(r"([A-Z]+)\s+(\S+)((?:\s+[\w-]+=\S*)*)\Z")
_PARTY = re.compile(r"(\w+)\s+at\s+(?:(udp|tcp):)?([\d.]+):(\d+)\Z")
REASONS = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 302: "Moved Temporarily", 401: "Unauthorized", 404: "Not Found",
    407: "Proxy Authentication Required", 408: "Request Timeout", 480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
    486: "Busy Here", 487: "Request Terminated", 500: "Server Internal Error", 503: "Service Unavailable", 600: "Busy Everywhere",
    603: "Decline",
}  # fmt: skip


class FlowError(Exception):
    """A flow file that can't be read."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody outside the proxy: a name and an address."""

    name: str
    host: str
    port: int

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a party sends: a request (method, uri), a reply (code, reason, to) or raw text; with header lines and a body."""

    time: float
    party: str
    line: str
    method: str = ""
    uri: str = ""
    code: int = 0
    reason: str = ""
    to: int = 0
    options: dict[str, str] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow: its name and purpose, the script that it runs, the parties, the steps, when it ends, and what the script has defined."""

    name: str
    title: str
    script: Path
    parties: dict[str, Party]
    steps: tuple[Step, ...]
    end: float
    defines: tuple[str, ...] = ()

    def party_at(self, address: str) -> str:
        """The name of the party at an address, or the address."""
        return next((p.name for p in self.parties.values() if p.address == address), address)


def read(path: Path) -> Flow:
    """The flow in a file.

    Raises FlowError with the number of the line.
    """
    reader = _Reader(path)
    for number, line in enumerate(path.read_text("latin-1").splitlines(), 1):
        try:
            reader.take(line)
        except FlowError as error:
            raise FlowError(f"{path}:{number}: {error}") from None
    return reader.finish()


class _Reader:
    """Collects the lines of a flow file; an indented line belongs to the step above it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title = ""
        self.script = path.with_suffix(".cfg")
        self.parties: dict[str, Party] = {}
        self.steps: list[tuple[Step, list[str], list[str]]] = []
        self.end = 0.0
        self.defines: list[str] = []

    def take(self, line: str) -> None:
        if not line.strip():
            return
        if line.startswith("#"):
            self.title = self.title or line[1:].strip()
        elif line[0] in " \t":
            self._more(line.strip())
        elif line.startswith("cfg "):
            self.script = self.path.parent / line[4:].strip()
        elif line.startswith("define "):
            self.defines.append(line[7:].strip())
        elif line.startswith("end "):
            self.end = float(line[4:])
        elif party := _PARTY.match(line):
            self.parties[party[1]] = Party(party[1], party[3], int(party[4]))
        else:
            self._step(line)

    def _more(self, text: str) -> None:
        if not self.steps:
            raise FlowError("a header line before the first step")
        _, headers, body = self.steps[-1]
        if text.startswith("|"):
            body.append(text[1:].removeprefix(" "))
        else:
            headers.append(text)

    def _step(self, line: str) -> None:
        match = _STEP.match(line)
        if match is None:
            raise FlowError("neither a step (TIME PARTY WHAT) nor a setting")
        time, party, what = float(match[1]), match[2], match[3].strip()
        if party not in self.parties:
            raise FlowError(f"nobody is called {party}")
        if self.steps and time < self.steps[-1][0].time:
            raise FlowError("earlier than the step before it")
        self.steps.append((_what(time, party, line, what), [], []))

    def finish(self) -> Flow:
        steps = tuple(replace(s, headers=tuple(headers), body="".join(line + "\r\n" for line in body)) for s, headers, body in self.steps)
        end = max(self.end, steps[-1].time + 0.3 if steps else 0.3)
        return Flow(self.path.stem, self.title, self.script, self.parties, steps, end, tuple(self.defines))


def _what(time: float, party: str, line: str, what: str) -> Step:
    if what == "raw":
        return Step(time, party, line)
    if reply := _REPLY.match(what):
        code = int(reply[1])
        return Step(time, party, line, "", "", code, reply[2] or REASONS.get(code, "Reason"), int(reply[3]), _options(reply[4]))
    if request := _REQUEST.match(what):
        return Step(time, party, line, request[1], request[2], options=_options(request[3]))
    raise FlowError(f"not METHOD URI, CODE REASON to N, or raw: {what!r}")


def _options(text: str) -> dict[str, str]:
    options = dict(part.split("=", 1) for part in text.split())
    unknown = set(options) - {"branch", "cseq", "call", "to-tag", "from-tag", "to-uri", "from"}
    if unknown:
        raise FlowError(f"unknown option {', '.join(sorted(unknown))}")
    return options
