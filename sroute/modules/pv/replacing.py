"""`{s.replace}` and `{s.rm}`, and what becomes of their parameters: Kamailio writes the result over those it computed itself.

A transformation of module pv leaves its result in a buffer. `{s.replace,$(var(a){s.tolower},...}` computes the parameter in the
buffer that it then writes the result to, from the beginning; what it still needs of the parameter is by then the beginning of the
result. Only the parameter computed last is lost, and only to these two, which read it while they write.
"""

from collections.abc import Callable
from dataclasses import replace as changed
from typing import NamedTuple

from sroute.exports.fixups import Scope
from sroute.exports.transformation import Apply
from sroute.exports.variable import Pv
from sroute.modules.pv.module import pv
from sroute.modules.pv.parameters import Parsed, bound, parser, reading, text
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value, to_str

_ELSEWHERE = frozenset({"len", "int", "count", "corehash"})
"""Functions of `{s.*}` whose result is not in the buffer."""
_STRIPPING = frozenset({"strip", "striptail"})
"""Those that leave the text where it is when there is nothing to do."""
_OPENING = frozenset({"unquote", "unbracket"})
"""Those that leave a text where it is that is too short for a pair."""
_BLANKS = " \t\r\n\0"
_NOTE = "5.6.3 writes the result of {{s.{}}} over a parameter that has transformations itself; put it into a variable first"
_REPLACE = (text("replace cannot get p1"), text("replace cannot get p2"))
_RM = (text("cannot get parameter value"),)

Offset = Callable[[Run, str], int | None]
"""Where in the buffer the text of a parameter is; None when it is elsewhere."""


class _Lost(NamedTuple):
    """A parameter that the result is written over: its place among the parameters, and where it is in the buffer."""

    place: int
    offset: Offset


@pv.transformation("s", "replace", parser(*_REPLACE), "text,replacement")
def replace(parsed: Parsed, scope: Scope) -> Apply:
    """All occurrences replaced.

    Example: xlog("$(rU{s.replace,a,b})\\n");
    """
    return _bind(scope, parsed, "replace")


@pv.transformation("s", "rm", parser(*_RM), "text")
def rm(parsed: Parsed, scope: Scope) -> Apply:
    """Without all occurrences of a text.

    Example: xlog("$(rU{s.rm,-})\\n");
    """
    return _bind(scope, parsed, "rm")


def replaced(value: str, old: str, new: str = "") -> str:
    """What both do when their parameters stay as they are."""
    return value.replace(old, new) if old else value


def _bind(scope: Scope, parsed: Parsed, name: str) -> Apply:
    params = _REPLACE if name == "replace" else _RM
    lost = _lost(scope, parsed)
    if lost is None:
        return bound(scope, parsed, params, replaced)
    services, read_all = scope.services, reading(scope, parsed, params)

    def run_time(run: Run, value: Value) -> Value:
        values = None if value is None or value is FAILED else read_all(run)
        if values is None:
            return FAILED
        source, words = to_str(value), [to_str(word) for word in values]
        plain = replaced(source, *words)
        offset = lost.offset(run, words[lost.place])
        if offset is None:
            return plain
        found = _overwriting(source, words, lost.place, offset)
        if found != plain:
            services.note(_NOTE.format(name), run.at)
        return found

    return run_time


def _lost(scope: Scope, parsed: Parsed) -> _Lost | None:
    """The last parameter with a transformation, if its text is in the buffer."""
    for place in reversed(range(len(parsed))):
        param = parsed[place]
        if isinstance(param, Pv) and param.transformations:
            offset = _offset(scope, param)
            return None if offset is None else _Lost(place, offset)
    return None


def _offset(scope: Scope, param: Pv) -> Offset | None:
    last = param.transformations[-1]
    family, function = last.declaration.family, last.declaration.function
    if family == "urialias" or (family, function) == ("uri", "tosocket"):
        return lambda run, word: 0
    if family != "s" or function in _ELSEWHERE:
        return None
    before = scope.read(changed(param, transformations=param.transformations[:-1]))
    if function in _STRIPPING:
        return lambda run, word: None if _text(before(run)) == word else 0
    if function in _OPENING:
        return lambda run, word: None if len(_text(before(run))) < 2 else 0
    if function in ("trim", "ltrim"):
        return lambda run, word: _leading(_text(before(run)))
    return lambda run, word: 0


def _text(value: Value) -> str:
    return "" if value is None or value is FAILED else to_str(value)


def _leading(value: str) -> int:
    return len(value) - len(value.lstrip(_BLANKS))


def _overwriting(source: str, words: list[str], place: int, offset: int) -> str:
    """The result when it is written, character by character, over the parameter at a place."""
    text, now = source.encode("latin-1"), [word.encode("latin-1") for word in words]
    if not now[0]:
        return source
    end = offset + len(now[place])
    memory = bytearray(offset) + now[place]
    written = at = 0
    while at < len(text):
        now[place] = bytes(memory[offset:end])
        if text.startswith(now[0], at):
            piece, step = b"".join(now[1:]), len(now[0])
        else:
            piece, step = text[at : at + 1], 1
        memory[written : written + len(piece)] = piece
        written += len(piece)
        at += step
    return memory[:written].decode("latin-1")
