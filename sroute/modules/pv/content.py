"""The message as text: `$mb`, `$rb`, `$msg(...)` and what is counted in it."""

from collections.abc import Callable

from sroute.exports.fixups import Arg, Scope
from sroute.exports.variable import Index
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.pv.module import pv
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.values import Value
from sroute.sip.message import Message
from sroute.sip.relay import apply_changes


@pv.variable("mb")
def mb(run: Run) -> Value:
    """The message as received.

    Example: xlog("$mb\\n");
    """
    return run.message.text


@pv.variable("mbu")
def mbu(run: Run) -> Value:
    """The message with the changes that the script has made so far.

    Example: $ru = "sip:new@example.com"; xlog("$mbu\\n");
    """
    return apply_changes(run.message)


@pv.variable("ml", static="int")
def ml(run: Run) -> Value:
    """The length of the message as received.

    Example: if ($ml > 4000) xlog("large\\n");
    """
    return len(run.message.text)


@pv.variable("mi", static="int")
def mi(run: Run) -> Value:
    """The number of the message in its worker, from 1.

    Example: xlog("message $mi\\n");
    """
    return run.message.number


@pv.variable("rb")
def rb(run: Run) -> Value:
    """The body; empty without one, null when the headers can't be read to their end.

    Example: xlog("$rb\\n");
    """
    message = run.message
    return message.body or "" if message.complete else None


@pv.variable("bs", static="int")
def bs(run: Run) -> Value:
    """The length of the body.

    Example: if ($bs > 0) xlog("with a body\\n");
    """
    return len(run.message.body or "")


def _headers(message: Message) -> str:
    return message.text[message.headers_start : _end(message)]


def _end(message: Message) -> int:
    """Where the last header ends: in front of its line end."""
    end = message.eoh
    for char in "\n\r":
        if message.text[end - 1 : end] == char:
            end -= 1
    return end


def _first_line(message: Message) -> str:
    return message.text[: message.headers_start].strip("\r\n").rstrip(" \t")


PARTS: dict[str, Callable[[Message], Value]] = {
    "len": lambda message: len(message.text),
    "buf": lambda message: message.text,
    "body": lambda message: message.body or "",
    "body_len": lambda message: len(message.body or ""),
    "hdrs": _headers,
    "hdrs_len": lambda message: _end(message) - message.headers_start,
    "hdrc": lambda message: len(message.rows),
    "fline": _first_line,
    "fpart": lambda message: message.text[: _end(message)],
    "lpart": lambda message: message.text[message.headers_start :],
}
_ANY = frozenset({"len", "buf", "fline", "body", "body_len"})


@pv.variables_of("msg", inner=OneOf(tuple(PARTS)))
def msg(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """A part of the message as received: len, buf, fline, hdrs, hdrs_len, hdrc, body, body_len, fpart, lpart.

    Example: xlog("$msg(fline): $msg(hdrc) headers\\n");
    """
    name = key(inner)
    return _part(name, PARTS[name], scope.services)


def _part(name: str, part: Callable[[Message], Value], services: Services) -> Read:
    if name in _ANY:
        return lambda run: part(run.message)

    def read(run: Run) -> Value:
        if run.message.complete and run.message.eoh >= 0:
            return part(run.message)
        services.diag("ERROR", "failed to parse headers", "pv", run.at)
        return None

    return read
