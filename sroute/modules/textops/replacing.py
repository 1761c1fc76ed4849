"""Replacing and adding text where a regular expression matches. The first line is never touched; changes show when the message leaves."""

from sroute.exports.fixups import FORMAT, TEXT
from sroute.modules.textops.arguments import PATTERN, PATTERN_ACROSS_LINES
from sroute.modules.textops.headers import compiled
from sroute.modules.textops.messages import body_start, cut
from sroute.modules.textops.module import TextOps, textops
from sroute.runtime.run import Run
from sroute.source.posix.regex import Finder


def delete(state: TextOps, run: Run, start: int, end: int, new: str) -> None:
    """Replaces text between two offsets of the message."""
    message = run.message
    if start == end:
        state.instance.diag("WARNING", f"0 len (offset={start})", "core", run.at)
    message.anchors(start).delete(start, end - start).add_after(new)


def _first(state: TextOps, run: Run, pattern: Finder, new: str, start: int, end: int | None = None) -> int:
    """Replaces the first match between two offsets."""
    found = pattern.find(cut(run.message.text[start:end]), 0, False)
    if found is None:
        return -1
    begin, stop = found[0]
    delete(state, run, start + begin, start + stop, new)
    return 1


def _all(state: TextOps, run: Run, pattern: Finder, new: str, start: int, *, lines: bool = True) -> int:
    """Replaces all matches behind an offset; with lines, `^` matches again behind each line end that was matched."""
    text = cut(run.message.text[start:])
    at, notbol, result = 0, False, -1
    while at < len(text) and (found := pattern.find(text, at, notbol)) is not None:
        begin, stop = found[0]
        if begin == stop:
            state.complain(run, "matched string is empty... invalid regexp?")
            return -1
        delete(state, run, start + begin, start + stop, new)
        at, result = stop, 1
        notbol = not (lines and text[stop - 1] in "\r\n")
    return result


@textops.function("replace", PATTERN, TEXT)
def replace(state: TextOps, run: Run, pattern: Finder, new: str) -> int:
    """Replaces the first match in headers and body with a text; -1 without a match.

    Example: replace("^User-Agent:.*$", "User-Agent: hidden");
    """
    return _first(state, run, pattern, new, run.message.headers_start)


@textops.function("replace_all", PATTERN, TEXT)
def replace_all(state: TextOps, run: Run, pattern: Finder, new: str) -> int:
    """Replaces all matches in headers and body with a text; -1 without a match.

    Example: replace_all("10\\.0\\.0\\.9", "192.0.2.1");
    """
    return _all(state, run, pattern, new, run.message.headers_start)


@textops.function("replace_body", PATTERN, TEXT)
def replace_body(state: TextOps, run: Run, pattern: Finder, new: str) -> int:
    """Replaces the first match in the body with a text; -1 without a match.

    Example: replace_body("^a=sendonly", "a=sendrecv");
    """
    start = body_start(state, run)
    return _first(state, run, pattern, new, start) if start >= 0 else -1


@textops.function("replace_body_all", PATTERN, TEXT)
def replace_body_all(state: TextOps, run: Run, pattern: Finder, new: str) -> int:
    """Replaces all matches in the body with a text; -1 without a match.

    Example: replace_body_all("^a=crypto:.*$", "a=x");
    """
    start = body_start(state, run)
    return _all(state, run, pattern, new, start) if start >= 0 else -1


@textops.function("replace_body_atonce", PATTERN_ACROSS_LINES, TEXT)
def replace_body_atonce(state: TextOps, run: Run, pattern: Finder, new: str) -> int:
    """As replace_body_all(), but the body is one text: `^` is its beginning, `$` its end, `.` takes line ends.

    Example: replace_body_atonce("m=video.*$", "");
    """
    start = body_start(state, run)
    return _all(state, run, pattern, new, start, lines=False) if start >= 0 else -1


@textops.function("search_append", PATTERN, TEXT)
def search_append(state: TextOps, run: Run, pattern: Finder, text: str) -> int:
    """Adds a text behind the first match in headers and body; -1 without a match.

    Example: search_append("[Uu]ser-[Aa]gent:", " via proxy,");
    """
    return _append(run, pattern, text, run.message.headers_start)


@textops.function("search_append_body", PATTERN, TEXT)
def search_append_body(state: TextOps, run: Run, pattern: Finder, text: str) -> int:
    """Adds a text behind the first match in the body; -1 without a match.

    Example: search_append_body("^s=", "call ");
    """
    start = body_start(state, run)
    return _append(run, pattern, text, start) if start >= 0 else -1


def _append(run: Run, pattern: Finder, text: str, start: int) -> int:
    message = run.message
    found = pattern.find(cut(message.text[start:]), 0, False)
    if found is None:
        return -1
    at = start + found[0][1]
    message.anchors(at).anchor(at).add_after(text)
    return 1


@textops.function("search_str", FORMAT, FORMAT)
def search_str(state: TextOps, run: Run, text: str, pattern: str) -> int:
    """True when a text matches a regular expression; 2 for an empty expression, -2 for an empty text or a bad expression.

    Example: if (search_str("$ua", "friendly-scanner")) { exit; }
    """
    if not text:
        return -2
    if not pattern:
        return 2
    found = compiled(state, run, pattern)
    if found is None:
        return -2
    return 1 if found.find(cut(text), 0, False) else -1


@textops.function("replace_hdrs", PATTERN, TEXT)
def replace_hdrs(state: TextOps, run: Run, pattern: Finder, new: str) -> int:
    """Replaces the first match in the headers with a text; -1 without a match.

    Example: replace_hdrs("10\\.0\\.0\\.9", "192.0.2.1");
    """
    return _first(state, run, pattern, new, run.message.headers_start, run.message.headers_end)
