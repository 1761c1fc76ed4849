"""What the proxy did in a flow: what it sent and logged, in comparable form and as text that a person reads."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

_BRANCH = re.compile(r"z9hG4bK(?!-)([^;,\s>]*?)((?:\.\d+)?)(?=[;,\s>]|$)", re.M)
_TAG = re.compile(r"\b([0-9a-f]{32})([-.])([0-9a-f]{4,8})\b")
_SERVER = re.compile(r"^((?:Server|User-Agent): kamailio)[^\r\n]*", re.M | re.I)
_NUMBERS = re.compile(r"\bpid[= ]\d+")
_POINTER = re.compile(r"\b(T@)0x[0-9a-f]+")
_STAMP = re.compile(r"\btimestamp=\d+")
_LABEL = re.compile(r"(\[\d+:)\d{2,}\]")
_MARK = re.compile(r"(-- \d+ to \w+) at ([\d.]+)\Z")
_TICKS = 0.21


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that left: when (seconds from the start of the flow), to whom, and its text."""

    time: float
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the log: its level, where it is from (`script` or a module) and the text."""

    time: float
    level: str
    source: str
    text: str

    def __str__(self) -> str:
        """One line of a transcript."""
        shown = self.text.encode("unicode_escape").decode("ascii")
        return f"log {self.level} {self.source}: {shown}"


class Names:
    """Gives what differs from run to run (branches and tags that the proxy makes) names in the order of appearance."""

    def __init__(self) -> None:
        """No names yet."""
        self.seen: dict[str, dict[str, str]] = {}

    def _name(self, kind: str, key: str) -> str:
        known = self.seen.setdefault(kind, {})
        return known.setdefault(key, f"{kind}{len(known) + 1}")

    def replace(self, text: str) -> str:
        """The text with names for what differs, and without what the version decides."""
        text = _BRANCH.sub(lambda m: "z9hG4bK+" + self._name("branch", m[1]) + m[2], text)
        text = _TAG.sub(lambda m: self._name("tag", m[0]), text)
        text = _LABEL.sub(r"\1label]", _POINTER.sub(r"\1pointer", text))
        return _STAMP.sub("timestamp=now", _NUMBERS.sub("pid", _SERVER.sub(r"\1", text)))


@dataclass(frozen=True, slots=True)
class Span:
    """What happened between two steps: step is the number of the one before it (0: none)."""

    step: int
    sent: tuple[Sent, ...]
    logged: tuple[Logged, ...]


def by_time(times: Sequence[float], sent: Iterable[Sent], logged: Iterable[Logged]) -> list[Span]:
    """What was sent and logged, by the step after which it was; times are those of the steps."""
    out, lines = list(sent), list(logged)
    edges = [-1.0, *times, float("inf")]
    return [
        Span(n, tuple(s for s in out if start <= s.time < stop), tuple(x for x in lines if start <= x.time < stop))
        for n, (start, stop) in enumerate(pairwise(edges))
    ]


def written(spans: Sequence[Span], steps: Sequence[str]) -> str:
    """A transcript as text; what differs from run to run has names instead."""
    names = Names()
    parts: list[str] = []
    number = 0
    for span in spans:
        if span.step:
            parts.append(f"== {steps[span.step - 1]}")
        for one in span.sent:
            number += 1
            parts.append(f"-- {number} to {one.to} at {one.time:.1f}")
            parts.append(names.replace(one.text).replace("\r\n", "\n").rstrip("\n"))
        parts += [names.replace(str(line)) for line in span.logged]
    return "\n".join(parts) + "\n"


def differences(expected: str, actual: str) -> list[str]:
    """The first lines in which two transcripts differ; the times of messages may by a timer's tick or two."""
    ours, theirs = actual.splitlines(), expected.splitlines()
    for n, (want, have) in enumerate(zip_longest(theirs, ours, fillvalue="(end)"), 1):
        if want != have and not _same_but_for_time(want, have):
            return [f"line {n}", f"expected: {want}", f"actual:   {have}"]
    return []


def _same_but_for_time(want: str, have: str) -> bool:
    one, other = _MARK.match(want), _MARK.match(have)
    return bool(one and other and one[1] == other[1] and abs(float(one[2]) - float(other[2])) < _TICKS)
