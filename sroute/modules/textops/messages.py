"""Tests of the whole message: method, body, text."""

from collections.abc import Callable

from sroute.exports.fixups import Arg, Constant, Scope
from sroute.modules.textops import mime
from sroute.modules.textops.arguments import KNOWN_METHODS, METHODS, MIME_TYPE, OTHER, PATTERN
from sroute.modules.textops.mime import BadMime, Mime
from sroute.modules.textops.module import TextOps, textops
from sroute.runtime.run import Run
from sroute.source.posix.regex import Finder


@textops.function("is_method", METHODS, bound=True)
def is_method(scope: Scope, state: TextOps, methods: Arg[frozenset[str] | str]) -> Callable[[Run], int]:
    """True when the method of the request (of a reply: that in CSeq) is one of these; case does not matter.

    Example: if (is_method("INVITE|SUBSCRIBE")) { record_route(); }
    """
    assert isinstance(methods, Constant)
    wanted = methods.value
    if isinstance(wanted, str):
        return lambda run: 1 if run.message.method.upper() == wanted else -1
    if OTHER not in wanted:
        return lambda run: 1 if run.message.method in wanted or run.message.method.upper() in wanted else -1

    def test(run: Run) -> int:
        method = run.message.method.upper()
        return 1 if method in wanted or method not in KNOWN_METHODS else -1

    return test


@textops.function("has_body")
def has_body(state: TextOps, run: Run) -> int:
    """True when Content-Length is there and above zero.

    Example: if (has_body()) { xlog("with a body\\n"); }
    """
    return 1 if run.message.content_length else -1


@textops.function("has_body", MIME_TYPE)
def has_body_of(state: TextOps, run: Run, content_type: Mime | None) -> int:
    """True when Content-Length is above zero and the body is of that type; one without Content-Type counts as application/sdp.

    Kamailio knows few types by name: all others are equal to each other.

    Example: if (has_body("application/sdp")) { xlog("a session\\n"); }
    """
    if not run.message.content_length:
        return -1
    if content_type is None:
        return 1
    body = run.message.value("content-type")
    try:
        here = mime.SDP if body is None else mime.of_header(body)
    except BadMime:
        state.complain(run, "failed to extract content type hdr")
        return -1
    return 1 if here == content_type else -1


@textops.function("search", PATTERN)
def search(state: TextOps, run: Run, pattern: Finder) -> int:
    """True when a regular expression matches anywhere in the message as it was received.

    Example: if (search("^User-Agent:.*friendly-scanner")) { exit; }
    """
    return 1 if pattern.find(cut(run.message.text), 0, False) else -1


@textops.function("search_body", PATTERN)
def search_body(state: TextOps, run: Run, pattern: Finder) -> int:
    """True when a regular expression matches anywhere in the body.

    Example: if (search_body("^m=video")) { xlog("wants video\\n"); }
    """
    start = body_start(state, run)
    return 1 if start >= 0 and pattern.find(cut(run.message.text[start:]), 0, False) else -1


def body_start(state: TextOps, run: Run) -> int:
    """The offset of the body; -1 without one, with a complaint when the message has no end of headers."""
    message = run.message
    if message.body_start < 0 or not message.complete:
        state.complain(run, "failed to get the message body")
        return -1
    return message.body_start if message.body_start < len(message.text) else -1


def cut(text: str) -> str:
    """What a C function sees of a text: it ends at a zero byte."""
    return text if "\0" not in text else text[: text.index("\0")]
