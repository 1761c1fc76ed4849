"""Walking over headers and over the lines of the body. Each process has four iterators of each kind, which keep their names for good."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sroute.exports.fixups import FORMAT, TEXT, Arg
from sroute.exports.variable import Index
from sroute.modules.pv.keys import key
from sroute.modules.textopsx.module import TextOpsX, textopsx
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value
from sroute.sip.headers import Header

T = TypeVar("T")
MOST = 4


@dataclass(slots=True)
class Walk:
    """Where an iterator is: before the first (-1), at one, or past all (None)."""

    at: int | None = -1


def _walks(run: Run, kind: str) -> dict[str, Walk]:
    found: Any = run.process.module_state.setdefault(f"textopsx.{kind}", {})
    walks: dict[str, Walk] = found
    return walks


def _walk(state: TextOpsX, run: Run, kind: str, name: str) -> Walk | None:
    found = _walks(run, kind).get(name)
    if found is None:
        state.complain(run, f"iterator not available [{name}]")
    return found


def _start(state: TextOpsX, run: Run, kind: str, name: str) -> int:
    walks = _walks(run, kind)
    if name not in walks:
        if len(walks) >= MOST or not name:
            state.complain(run, f"no iterator available - max number is {MOST}")
            return -1
        walks[name] = Walk()
    walks[name].at = -1
    return 1


def _end(state: TextOpsX, run: Run, kind: str, name: str) -> int:
    walk = _walk(state, run, kind, name)
    if walk is None:
        return -1
    walk.at = None
    return 1


def _next(state: TextOpsX, run: Run, kind: str, name: str, count: int) -> int:
    walk = _walk(state, run, kind, name)
    if walk is None or walk.at is None:
        return -1
    walk.at = walk.at + 1 if walk.at + 1 < count else None
    return -1 if walk.at is None else 1


# ---------------------------------------------------------------- headers


@textopsx.function("hf_iterator_start", FORMAT)
def hf_iterator_start(state: TextOpsX, run: Run, name: str) -> int:
    """Starts an iterator before the first header, under a name; -1 when all four have other names.

    Example: hf_iterator_start("i1"); while (hf_iterator_next("i1")) { xlog("$hfitname(i1)\\n"); } hf_iterator_end("i1");
    """
    return _start(state, run, "headers", name)


@textopsx.function("hf_iterator_end", FORMAT)
def hf_iterator_end(state: TextOpsX, run: Run, name: str) -> int:
    """Ends an iterator over headers.

    Example: hf_iterator_end("i1");
    """
    return _end(state, run, "headers", name)


@textopsx.function("hf_iterator_next", FORMAT)
def hf_iterator_next(state: TextOpsX, run: Run, name: str) -> int:
    """Goes to the next header; -1 behind the last one, where the iterator stays.

    Example: while (hf_iterator_next("i1")) { xlog("$hfitname(i1)\\n"); }
    """
    return _next(state, run, "headers", name, len(run.message.headers))


@textopsx.function("hf_iterator_prev", FORMAT)
def hf_iterator_prev(state: TextOpsX, run: Run, name: str) -> int:
    """Goes to the header before; true also before the first one.

    Example: hf_iterator_prev("i1");
    """
    walk = _walk(state, run, "headers", name)
    if walk is None or walk.at is None:
        return -1
    walk.at = max(walk.at - 1, -1)
    return 1


def _header(state: TextOpsX, run: Run, name: str) -> Header | None:
    """The header at which an iterator is."""
    return _at(_walk(state, run, "headers", name), run.message.headers)


def _at(walk: Walk | None, items: list[T]) -> T | None:
    """What an iterator is at."""
    return items[walk.at] if walk is not None and walk.at is not None and 0 <= walk.at < len(items) else None


@textopsx.function("hf_iterator_rm", FORMAT)
def hf_iterator_rm(state: TextOpsX, run: Run, name: str) -> int:
    """Removes the header at which an iterator is.

    Example: if ($hfitname(i1) == "Subject") { hf_iterator_rm("i1"); }
    """
    header = _header(state, run, name)
    if header is None:
        return -1
    run.message.lumps.delete(header.start, header.end - header.start)
    return 1


@textopsx.function("hf_iterator_append", FORMAT, FORMAT)
def hf_iterator_append(state: TextOpsX, run: Run, name: str, text: str) -> int:
    """Adds a header behind that at which an iterator is. The text must end with `\\\\r\\\\n`.

    Example: hf_iterator_append("i1", "X-Hdr: abc\\r\\n");
    """
    header = _header(state, run, name)
    return _add(run, header.end, text) if header is not None and text else -1


@textopsx.function("hf_iterator_insert", FORMAT, FORMAT)
def hf_iterator_insert(state: TextOpsX, run: Run, name: str, text: str) -> int:
    """Adds a header in front of that at which an iterator is. The text must end with `\\\\r\\\\n`.

    Example: hf_iterator_insert("i1", "X-Hdr: abc\\r\\n");
    """
    header = _header(state, run, name)
    return _add(run, header.start, text) if header is not None and text else -1


def _add(run: Run, at: int, text: str) -> int:
    run.message.anchors(at).anchor(at).add_before(text)
    return 1


@textopsx.variables_of("hfitname", inner=TEXT)
def hfitname(scope: Any, inner: Arg[str], index: Index) -> Read:
    """The name of the header at which an iterator is; null elsewhere.

    Example: xlog("$hfitname(i1)\\n");
    """
    return _reader(scope.services.state("textopsx"), key(inner), "name")


@textopsx.variables_of("hfitbody", inner=TEXT)
def hfitbody(scope: Any, inner: Arg[str], index: Index) -> Read:
    """The body of the header at which an iterator is; null elsewhere.

    Example: xlog("$hfitbody(i1)\\n");
    """
    return _reader(scope.services.state("textopsx"), key(inner), "body")


def _reader(state: TextOpsX, name: str, part: str) -> Read:
    def read(run: Run) -> Value:
        header = _at(_walk(state, run, "headers", name), run.message.headers)
        if header is None:
            return None
        return header.name if part == "name" else header.body

    return read


# ---------------------------------------------------------------- body lines


def _lines(run: Run) -> list[tuple[int, int]]:
    """Where the lines of the body begin and end, with their line ends."""
    message = run.message
    if message.body_start < 0 or not message.complete:
        return []
    text, at, found = message.text, message.body_start, []
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        found.append((at, end))
        at = end
    return found


def _line(state: TextOpsX, run: Run, name: str) -> tuple[int, int] | None:
    return _at(_walk(state, run, "lines", name), _lines(run))


@textopsx.function("bl_iterator_start", FORMAT)
def bl_iterator_start(state: TextOpsX, run: Run, name: str) -> int:
    """Starts an iterator before the first line of the body, under a name; -1 when all four have other names.

    Example: bl_iterator_start("b1"); while (bl_iterator_next("b1")) { xlog("$blitval(b1)"); } bl_iterator_end("b1");
    """
    return _start(state, run, "lines", name)


@textopsx.function("bl_iterator_end", FORMAT)
def bl_iterator_end(state: TextOpsX, run: Run, name: str) -> int:
    """Ends an iterator over the lines of the body.

    Example: bl_iterator_end("b1");
    """
    return _end(state, run, "lines", name)


@textopsx.function("bl_iterator_next", FORMAT)
def bl_iterator_next(state: TextOpsX, run: Run, name: str) -> int:
    """Goes to the next line; -1 behind the last one.

    Example: while (bl_iterator_next("b1")) { xlog("$blitval(b1)"); }
    """
    return _next(state, run, "lines", name, len(_lines(run)))


@textopsx.function("bl_iterator_rm", FORMAT)
def bl_iterator_rm(state: TextOpsX, run: Run, name: str) -> int:
    """Removes the line at which an iterator is.

    Example: if ($blitval(b1) =~ "^a=crypto") { bl_iterator_rm("b1"); }
    """
    line = _line(state, run, name)
    if line is None:
        return -1
    run.message.anchors(line[0]).delete(line[0], line[1] - line[0])
    return 1


@textopsx.function("bl_iterator_append", FORMAT, FORMAT)
def bl_iterator_append(state: TextOpsX, run: Run, name: str, text: str) -> int:
    """Adds a line behind that at which an iterator is. The text must end with `\\\\r\\\\n`.

    Example: bl_iterator_append("b1", "a=sendrecv\\r\\n");
    """
    line = _line(state, run, name)
    return _add(run, line[1], text) if line is not None and text else -1


@textopsx.function("bl_iterator_insert", FORMAT, FORMAT)
def bl_iterator_insert(state: TextOpsX, run: Run, name: str, text: str) -> int:
    """Adds a line in front of that at which an iterator is. The text must end with `\\\\r\\\\n`.

    Example: bl_iterator_insert("b1", "a=sendrecv\\r\\n");
    """
    line = _line(state, run, name)
    return _add(run, line[0], text) if line is not None and text else -1


@textopsx.variables_of("blitval", inner=TEXT)
def blitval(scope: Any, inner: Arg[str], index: Index) -> Read:
    """The line at which an iterator is, with its line end; null elsewhere.

    Example: xlog("$blitval(b1)");
    """
    name = key(inner)
    state: TextOpsX = scope.services.state("textopsx")

    def read(run: Run) -> Value:
        found = _at(_walk(state, run, "lines", name), _lines(run))
        if found is None:
            return None
        line = run.message.text[found[0] : found[1]]
        return line if line.endswith("\n") else f"{line}\0"

    return read
