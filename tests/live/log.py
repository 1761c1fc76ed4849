"""The log of the real Kamailio, cut into calls: what the script said, and what Kamailio itself said."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LEVELS = ("ALERT", "BUG", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
COMPLAINTS = LEVELS[:5]
FOLDER = "live-"
SCRIPT = "<script>: "
# `<core> [core/rvalue.c:42]: rval_op(): `, `htable [ht_api.c:13]: ht_db_load(): `
_OWN = re.compile(r"<?[\w-]+>? \[[\w./-]+:\d+\]: (?:\w+\(\): ?)?")
# The stock configuration puts `{1 1 OPTIONS call-id} ` in front of what is logged while a message is there (its log_prefix).
_LOG_PREFIX = re.compile(rf"\{{[^{{}}\n]*\}} (?={SCRIPT}|<?[\w-]+>? \[[\w./-]+:\d+\]: )")
_SCRATCH = re.compile(rf"[^\s(\"']*/{FOLDER}[^/]*/")
_POINTER = re.compile(r"\b0x[0-9a-f]{8,16}\b")
_XLOG_PREFIX = re.compile(r'modparam\(\s*"xlog"\s*,\s*"prefix"\s*,\s*"([^"]*)"\s*\)')


_TRACE = re.compile(r"dbg_cfg_trace\(\): .* c=\[(?P<file>[^\]]*)\] l=(?P<line>\d+) ")


@dataclass(frozen=True, slots=True)
class Line:
    """One call of Kamailio's logger; `line` is that of the script in a traced run, else 0."""

    level: str
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """The calls of a run: the script's own, and Kamailio's of level WARNING or worse, at the start and later."""

    script: tuple[Line, ...]
    startup: tuple[Line, ...]
    complaints: tuple[Line, ...]


def calls(raw: str, pids: Iterable[int]) -> list[Line]:
    """The calls in a log. A text without a line end is glued to the next call, so cut at the prefixes, which name one of the processes."""
    known = "|".join(str(pid) for pid in pids)
    marks = list(re.finditer(rf" ?\d+\((?:{known})\) ({'|'.join(LEVELS)}): ", raw))
    ends = [mark.start() for mark in marks[1:]] + [len(raw)]
    texts = [raw[mark.end() : end].removesuffix("\n") for mark, end in zip(marks, ends, strict=False)]
    return [Line(mark[1], _unprefixed(text)) for mark, text in zip(marks, texts, strict=True)]


def _unprefixed(text: str) -> str:
    found = _LOG_PREFIX.match(text)
    return text[found.end() :] if found is not None else text


def read(raw: str, started_at: int, pids: Iterable[int], script: str) -> Log:
    """Tell the script's calls from Kamailio's own; `started_at` is the length of the log when it had started."""
    prefix = match[1] if (match := _XLOG_PREFIX.search(script)) else SCRIPT
    known = tuple(pids)
    before, after = calls(raw[:started_at], known), calls(raw[started_at:], known)
    return Log(
        script=tuple(_script(before + after, prefix)),
        startup=tuple(_complaints(before, prefix)),
        complaints=tuple(_complaints(after, prefix)),
    )


def _is_script(line: Line, prefix: str) -> bool:
    return line.text.startswith((SCRIPT, prefix)) and not _OWN.match(line.text) and not _TRACE.match(line.text)


def _script(lines: Iterable[Line], prefix: str) -> Iterator[Line]:
    place = 0
    for line in lines:
        if _is_script(line, prefix):
            yield Line(line.level, line.text.removeprefix(SCRIPT).removeprefix(prefix), place)
        elif trace := _TRACE.match(line.text):
            place = int(trace["line"])


def _complaints(lines: Iterable[Line], prefix: str) -> Iterator[Line]:
    for line in lines:
        if line.level in COMPLAINTS and not _is_script(line, prefix) and not _TRACE.match(line.text):
            yield line


def bare(text: str) -> str:
    """A complaint without the place in Kamailio's sources, the folder in which it ran and addresses in memory."""
    own = _POINTER.sub("0x...", _SCRATCH.sub("", _OWN.sub("", text, count=1)))
    return re.sub(r"^parse error in config file \S+?,(?: from)? ", "", own)
