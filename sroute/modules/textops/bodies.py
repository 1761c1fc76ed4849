"""Bodies: another one, and for replies; times; privacy; sessions on hold."""

import time
from dataclasses import dataclass

from sroute.exports.fixups import FORMAT, Arg, Constant, FixupError, Names, Scope
from sroute.modules.textops.module import TextOps, textops
from sroute.runtime.run import Run
from sroute.sip import sdp
from sroute.sip.lump import Anchor
from sroute.sip.message import Message, ReplyLump

_PRIVACY = {"none": 0x10, "user": 0x01, "header": 0x02, "session": 0x04, "critical": 0x08, "id": 0x20, "history": 0x40}
_HOLDING = ("sendonly", "inactive")


# ---------------------------------------------------------------- set_body


def wanted(state: TextOps, run: Run, body: str, kind: str) -> bool:
    """Whether there are a body and a content type to be set."""
    if not body:
        state.complain(run, "invalid body parameter")
    elif not kind:
        state.complain(run, "invalid content-type parameter")
    return bool(body and kind)


def replace_type(message: Message, anchor: Anchor, line: str) -> None:
    """Writes a Content-Type header line instead of the one that is there."""
    row = message.row("content-type")
    if row is not None:
        message.lumps.delete(row[1], row[4] - row[1])
    anchor.add_after(line)


@textops.function("set_body", FORMAT, FORMAT)
def set_body(state: TextOps, run: Run, body: str, kind: str) -> int:
    """Replaces the body, and Content-Type where it differs; what waits to be changed in the old body is lost.

    Example: set_body("hello", "text/plain");
    """
    message = run.message
    if not wanted(state, run, body, kind):
        return -1
    if message.body_start < 0:
        state.complain(run, "malformed sip message")
        return -1
    message.body_lumps.anchors.clear()
    if message.content_length:
        if message.body_start + message.content_length > len(message.text):
            state.complain(run, f"invalid content length: {message.content_length}")
            return -1
        message.anchors(message.body_start).delete(message.body_start, message.content_length)
    anchor = message.lumps.anchor(message.headers_end)
    if message.row("content-length") is None:
        anchor.add_after(f"Content-Length: {len(body)}\r\n")
    if message.value("content-type") != kind:
        replace_type(message, anchor, f"Content-Type: {kind}\r\n")
    message.anchors(message.body_start).anchor(message.body_start).add_after(body)
    return 1


@textops.function("set_reply_body", FORMAT, FORMAT)
def set_reply_body(state: TextOps, run: Run, body: str, kind: str) -> int:
    """Gives local replies to the request a body; a second one fails, but for its Content-Type.

    Example: set_reply_body("gone fishing", "text/plain"); sl_send_reply("480", "Away");
    """
    if not wanted(state, run, body, kind):
        return -1
    lumps = run.message.reply_lumps
    lumps.append(ReplyLump(f"Content-Type: {kind}\r\n"))
    if any(lump.body for lump in lumps):
        state.complain(run, "cannot add body lump")
        return -1
    lumps.append(ReplyLump(body, body=True))
    return 1


@textops.function("append_to_reply", FORMAT)
def append_to_reply(state: TextOps, run: Run, text: str) -> int:
    """Adds a header to local replies to the request. The text must end with `\\\\r\\\\n`.

    Example: append_to_reply("Retry-After: 30\\r\\n"); sl_send_reply("503", "Busy");
    """
    if not text:
        state.complain(run, "unable to add lump_rl")
        return -1
    run.message.reply_lumps.append(ReplyLump(text))
    return 1


# ---------------------------------------------------------------- the time


def _date(state: TextOps) -> str:
    return time.strftime("Date: %a, %d %b %Y %H:%M:%S GMT\r\n", time.gmtime(state.instance.clock.now()))


@textops.function("append_time")
def append_time(state: TextOps, run: Run) -> int:
    """Adds a Date header to local replies to the request.

    Example: append_time(); sl_send_reply("200", "OK");
    """
    run.message.reply_lumps.append(ReplyLump(_date(state)))
    return 1


@textops.function("append_time_to_request")
def append_time_to_request(state: TextOps, run: Run) -> int:
    """Adds a Date header to the message, behind its first header.

    Example: append_time_to_request(); t_relay();
    """
    message = run.message
    message.lumps.anchor(message.rows[0][4]).add_after(_date(state))
    return 1


# ---------------------------------------------------------------- privacy, hold


@dataclass(frozen=True, slots=True)
class PrivacyValue:
    """A value of the Privacy header."""

    form: str = "privacy value"

    def parse(self, text: str, names: Names) -> int:
        """Its bit."""
        found = _PRIVACY.get(text.lower())
        if found is None:
            raise FixupError("invalid privacy value" if text else "empty privacy value")
        return found

    def bind(self, parsed: int, scope: Scope) -> Arg[int]:
        """The bit."""
        return Constant(parsed)


@textops.function("is_privacy", PrivacyValue())
def is_privacy(state: TextOps, run: Run, value: int) -> int:
    """True when the Privacy header has a value: none, user, header, session, critical, id or history.

    Example: if (is_privacy("id")) { remove_hf("P-Asserted-Identity"); }
    """
    body = run.message.value("privacy")
    if body is None:
        return -1
    bits = [_PRIVACY.get(word.strip().lower()) for word in body.split(";")]
    if None in bits:
        state.complain(run, "invalid privacy value")
        return -1
    return 1 if value in bits else -1


@textops.function("is_audio_on_hold")
def is_audio_on_hold(state: TextOps, run: Run) -> int:
    """True when an audio stream is on hold: 2 by sendonly or inactive, also for the whole session, 1 by its address 0.0.0.0.

    Example: if (is_audio_on_hold()) { xlog("on hold\\n"); }
    """
    found = sdp.of(run.message)
    for session in found.sessions if found is not None else ():
        for media in session.media:
            if media.kind != "audio":
                continue
            if any(line.type == "a" and line.value.startswith(_HOLDING) for line in (*session.lines, *media.lines)):
                return 2
            where = session.address_of(media)
            if where is not None and where.ip == "0.0.0.0":
                return 1
    return -1
