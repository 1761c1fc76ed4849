"""Boundaries of a multipart body that functions have changed: what 5.6.3 writes anew before the message leaves."""

from itertools import pairwise

from sroute.sip import lump, multipart
from sroute.sip.message import Message

BODY_MULTIPART = 1 << 17
"""In `Message.iflags`: a function has changed the parts of the body."""


def finish(message: Message) -> None:
    """Writes the boundary lines of a changed body: `--mark` between the parts, `--mark--` behind the last.

    What stands before the first and behind the last goes. It takes a Content-Type with a boundary in the message as it was received:
    what set_body_multipart() has made of another body leaves without its last `--`.
    """
    if not message.iflags & BODY_MULTIPART:
        return
    mark = multipart.boundary(message.value("content-type") or "")
    if mark is None:
        return
    body = _changed(message)
    starts = _boundary_lines(body, f"--{mark}")
    if len(starts) < 2:
        return
    made = ""
    for start, after in pairwise(starts):
        content = body.find("\n", start, after) + 1 or after
        made += f"--{mark}\r\n{body[content:after]}"
    message.body_lumps.anchors.clear()
    size = len(message.text) - message.body_start
    if size:
        message.body_lumps.delete(message.body_start, size)
    message.body_lumps.anchor(message.body_start).add_after(f"{made}--{mark}--\r\n")
    message.iflags &= ~BODY_MULTIPART


def _changed(message: Message) -> str:
    """The body with its changes."""
    out: list[str] = []
    position = lump.apply(message.text, message.body_lumps, out, message.body_start)
    return "".join([*out, message.text[position:]])


def _boundary_lines(body: str, mark: str) -> list[int]:
    """Where lines begin that begin with the mark; a line ends with CRLF."""
    found, at = [], 0
    while at >= 0:
        if body.startswith(mark, at):
            found.append(at)
        at = body.find("\r\n", at)
        at = at + 2 if at >= 0 else -1
    return found
