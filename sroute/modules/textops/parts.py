"""The parts of multipart bodies: making them, adding, taking out, reading and keeping one."""

import binascii

from sroute.exports.fixups import FORMAT, TARGET, TEXT, PvRef
from sroute.modules.textops.bodies import replace_type, wanted
from sroute.modules.textops.headers import add
from sroute.modules.textops.module import TextOps, textops
from sroute.runtime.run import Run
from sroute.sip import multipart
from sroute.sip.boundaries import BODY_MULTIPART

_TYPE = "Content-Type: "


def _body(state: TextOps, run: Run) -> int:
    """The offset of the body; -1 without one."""
    message = run.message
    if message.body_start < 0:
        state.complain(run, "failed to get the message body")
        return -1
    return message.body_start if message.body_start < len(message.text) else -1


def _mark(state: TextOps, run: Run) -> str | None:
    """`--` and the boundary of the body."""
    mark = multipart.boundary(run.message.value("content-type") or "")
    if mark is None:
        state.complain(run, "Cannot get boundary. Is body multipart?")
        return None
    return f"--{mark}"


def _is_mixed(run: Run) -> bool:
    return multipart.content_type(run.message.value("content-type")) == "multipart/mixed"


# ---------------------------------------------------------------- set_body_multipart


@textops.function("set_body_multipart")
def set_body_multipart(state: TextOps, run: Run) -> int:
    """Makes the body the first part of a multipart body, to which append_body_part() can add; a multipart body stays.

    Example: set_body_multipart(); msg_apply_changes(); append_body_part("hello", "text/plain");
    """
    return _set(state, run, "", "", "")


@textops.function("set_body_multipart", FORMAT)
def set_body_multipart_with_boundary(state: TextOps, run: Run, boundary: str) -> int:
    """As set_body_multipart() with a boundary of the script.

    Example: set_body_multipart("part-of-body");
    """
    return _set(state, run, "", "", boundary)


@textops.function("set_body_multipart", FORMAT, FORMAT)
def set_body_multipart_of(state: TextOps, run: Run, body: str, kind: str) -> int:
    """Replaces the body by a multipart body with one part.

    Example: set_body_multipart("hello", "text/plain");
    """
    return _set(state, run, body, kind, "")


@textops.function("set_body_multipart", FORMAT, FORMAT, FORMAT)
def set_body_multipart_of_with_boundary(state: TextOps, run: Run, body: str, kind: str, boundary: str) -> int:
    """Replaces the body by a multipart body with one part and a boundary of the script.

    Example: set_body_multipart("hello", "text/plain", "part-of-body");
    """
    return _set(state, run, body, kind, boundary)


def _set(state: TextOps, run: Run, body: str, kind: str, boundary: str) -> int:
    message, convert = run.message, not _is_mixed(run)
    if not convert and not body:
        return 1
    if message.body_start < 0:
        state.complain(run, "malformed sip message")
        return -1
    old, boundary = message.text[message.body_start :], boundary or "unique-boundary-1"
    message.body_lumps.anchors.clear()
    if old:
        message.anchors(message.body_start).delete(message.body_start, len(old))
    if not body:
        body, kind = old, message.value("content-type") or kind
    if not body:
        state.complain(run, "no body to be set in the message", "WARNING")
        return -1
    made = _part(state, run, body, kind or "text/plain", "", boundary)
    if made is None:
        state.complain(run, "couldn't create initial boundary")
        return -1
    made = f"--{boundary}\r\n{made}"
    anchor = message.lumps.anchor(message.headers_end)
    if message.row("content-length") is None:
        anchor.add_after(f"Content-Length: {len(made)}\r\n")
    if convert:
        replace_type(message, anchor, f'Content-Type: multipart/mixed;boundary="{boundary}"\r\n')
        add(state, run, "Mime-Version: 1.0\r\n", None, behind=True)
    message.anchors(message.body_start).anchor(message.body_start).add_after(made)
    message.iflags |= BODY_MULTIPART
    if message.row("content-type") is None:
        state.instance.note("5.6.3 crashes when a message without Content-Type leaves after set_body_multipart()", run.at)
    return 1


def _part(state: TextOps, run: Run, text: str, kind: str, disposition: str, boundary: str) -> str | None:
    """A part with its headers and the boundary line behind it."""
    if boundary.startswith("-"):
        state.complain(run, "delimiter with initial '-'. Invalid parameter.")
        return None
    headers = f"Content-Type: {kind}\r\n" + (f"Content-Disposition: {disposition}\r\n" if disposition else "")
    return f"{headers}\r\n{text}{'' if text.endswith(_CRLFS) else _CRLF}--{boundary}\r\n"


_CRLF = "\r\n"
_CRLFS = "\r\n\r\n"


# ---------------------------------------------------------------- append_body_part


@textops.function("append_body_part", FORMAT, FORMAT)
def append_body_part(state: TextOps, run: Run, text: str, kind: str) -> int:
    """Adds a part to a multipart body.

    Example: append_body_part("hello", "text/plain");
    """
    return _append(state, run, text, kind, "")


@textops.function("append_body_part", FORMAT, FORMAT, FORMAT)
def append_body_part_disposed(state: TextOps, run: Run, text: str, kind: str, disposition: str) -> int:
    """Adds a part with a Content-Disposition to a multipart body.

    Example: append_body_part("7d0d48", "application/vnd.cirpack.isdn-ext", "signal;handling=required");
    """
    return _append(state, run, text, kind, disposition)


@textops.function("append_body_part_hex", FORMAT, FORMAT)
def append_body_part_hex(state: TextOps, run: Run, text: str, kind: str) -> int:
    """Adds a part that is given in hexadecimal to a multipart body.

    Example: append_body_part_hex("7d0d48", "application/vnd.cirpack.isdn-ext");
    """
    return _append_hex(state, run, text, kind, "")


@textops.function("append_body_part_hex", FORMAT, FORMAT, FORMAT)
def append_body_part_hex_disposed(state: TextOps, run: Run, text: str, kind: str, disposition: str) -> int:
    """Adds a part that is given in hexadecimal, with a Content-Disposition.

    Example: append_body_part_hex("7d0d48", "application/vnd.cirpack.isdn-ext", "signal;handling=required");
    """
    return _append_hex(state, run, text, kind, disposition)


def _append_hex(state: TextOps, run: Run, text: str, kind: str, disposition: str) -> int:
    if not text:
        state.complain(run, "invalid body parameter")
        return -1
    try:
        content = binascii.unhexlify(text.encode("latin-1")).decode("latin-1")
    except binascii.Error:
        state.complain(run, f"invalid input hex data [{text}] ({len(text)}/{len(text) // 2})")
        return -1
    return _append(state, run, content, kind, disposition)


def _append(state: TextOps, run: Run, text: str, kind: str, disposition: str) -> int:
    message = run.message
    if not wanted(state, run, text, kind) or _body(state, run) < 0:
        return -1
    anchor = message.anchors(len(message.text)).anchor(len(message.text))
    mark = _mark(state, run)
    made = _part(state, run, text, kind, disposition, mark[2:]) if mark is not None else None
    if made is None:
        return -1
    anchor.add_after(made)
    message.iflags |= BODY_MULTIPART
    return 1


# ---------------------------------------------------------------- one part


def _line(text: str, start: str, at: int, end: int) -> int:
    """The offset of the next line that begins with a text; -1 without one."""
    while at <= end - len(start):
        if text.startswith(start, at, end):
            return at
        at = text.find(_CRLF, at, end) + 2
        if at < 2:
            break
    return -1


def _found(state: TextOps, run: Run, kind: str, start: int, mark: str) -> tuple[int, int, int] | None:
    """The first part of a content type: the offsets of its Content-Type line, behind that line, and of the boundary behind the part."""
    text, end = run.message.text, len(run.message.text)
    at = _line(text, _TYPE, start, end)
    while at >= 0:
        behind = at + len(_TYPE)
        if end - behind <= len(kind) + 2:
            return None
        if text[behind : behind + len(kind)].lower() == kind.lower():
            behind += len(kind)
            if not text.startswith(_CRLF, behind):
                state.complain(run, "no CRLF found after content type")
                return None
            stop = _line(text, mark, behind + 2, end)
            if stop < 0:
                state.complain(run, "boundary not found after content")
                return None
            return at, behind + 2, stop
        at = _line(text, _TYPE, behind, end)
    return None


def _behind(text: str, stop: int) -> int:
    """Where the line ends that begins at an offset."""
    end = text.find(_CRLF, stop)
    return end + 2 if end >= 0 else len(text)


@textops.function("remove_body_part", FORMAT)
def remove_body_part(state: TextOps, run: Run, kind: str) -> int:
    """Removes the first part of a content type from a multipart body.

    Example: remove_body_part("application/vnd.cirpack.isdn-ext");
    """
    start = _body(state, run)
    mark = _mark(state, run) if start >= 0 else None
    found = _found(state, run, kind, start, mark) if mark is not None else None
    if found is None:
        return -1
    message = run.message
    message.anchors(found[0]).delete(found[0], _behind(message.text, found[2]) - found[0])
    message.iflags |= BODY_MULTIPART
    return 1


@textops.function("get_body_part", FORMAT, TARGET)
def get_body_part(state: TextOps, run: Run, kind: str, target: PvRef) -> int:
    """Puts the first part of a content type into a variable: what stands behind its Content-Type line.

    A body that is not multipart is taken as a whole, whatever its type.

    Example: get_body_part("application/sdp", "$var(sdp)");
    """
    return _get(state, run, kind, target, raw=False)


@textops.function("get_body_part_raw", FORMAT, TARGET)
def get_body_part_raw(state: TextOps, run: Run, kind: str, target: PvRef) -> int:
    """As get_body_part() with the Content-Type line, and the boundary line behind the part.

    Example: get_body_part_raw("application/sdp", "$var(part)");
    """
    return _get(state, run, kind, target, raw=True)


def _get(state: TextOps, run: Run, kind: str, target: PvRef, *, raw: bool) -> int:
    start, text = _body(state, run), run.message.text
    if start < 0:
        return -1
    boundary = multipart.boundary(run.message.value("content-type") or "")
    if boundary is None:
        target.set(run, text[start:])
        return 1
    found = _found(state, run, kind, start, f"--{boundary}")
    if found is None:
        return -1
    target.set(run, text[found[0] : _behind(text, found[2])] if raw else text[found[1] : found[2]])
    return 1


@textops.function("filter_body", TEXT)
def filter_body(state: TextOps, run: Run, kind: str) -> int:
    """Keeps of a multipart/mixed body the first part of a content type only; Content-Type does not change.

    Example: if (filter_body("application/sdp")) { remove_hf("Content-Type"); append_hf("Content-Type: application/sdp\\r\\n"); }
    """
    message = run.message
    start = _body(state, run)
    if start < 0:
        return -1
    if not _is_mixed(run):
        state.complain(run, "body not multipart", "WARNING")
        return -1
    mark = _mark(state, run)
    text, end = message.text, len(message.text)
    at = _line(text, _TYPE, start, end) if mark is not None else -1
    while at >= 0 and mark is not None:
        at += len(_TYPE)
        if end - at <= len(kind) + 2:
            return -1
        if text[at : at + len(kind)].lower() == kind.lower():
            return _keep(state, run, at + len(kind), mark)
        at = _line(text, _TYPE, at, end)
    return -1


def _keep(state: TextOps, run: Run, at: int, mark: str) -> int:
    message = run.message
    text, end = message.text, len(message.text)
    if not text.startswith(_CRLF, at):
        state.complain(run, "no CRLF found after content type")
        return -1
    while at < end and text[at] in _CRLF:
        at += 1
    message.anchors(message.body_start).delete(message.body_start, at - message.body_start)
    stop = _line(text, mark, at, end)
    if stop < 0:
        state.complain(run, "boundary not found after content")
        return -1
    message.anchors(stop - 2).delete(stop - 2, end - stop + 2)
    return 1
