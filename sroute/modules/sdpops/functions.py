"""Session descriptions as a whole: what is in them, media and lines that go, the session version."""

import re
from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import FORMAT, INTEGER, TEXT, Arg, FixupError, Scope
from sroute.exports.variable import Index
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.sdpops.module import NONE, Description, SdpOps, sdpops
from sroute.modules.sdpops.parts import PARTS
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.values import Spelled, Value
from sroute.sip import multipart
from sroute.sip.sdp import Line, Media

_VERSION = re.compile(r"[+-]?[0-9]+\Z")
_AUTO = -1
_LEVELS = {-4: "BUG", -3: "CRITICAL", -2: "ALERT", -1: "ERROR", 0: "WARNING", 1: "NOTICE", 2: "INFO", 3: "DEBUG"}


# ---------------------------------------------------------------- what there is


@sdpops.function("sdp_content")
def sdp_content(state: SdpOps, run: Run) -> int:
    """True when the message has a session description that can be read.

    Example: if (sdp_content()) { xlog("$sdp(body)\\n"); }
    """
    description = state.described(run)
    return -1 if description is None or description is NONE else 1


@sdpops.function("sdp_content", TEXT)
def sdp_content_sloppy(state: SdpOps, run: Run, sloppy: str) -> int:
    """True when Content-Type says that the body is a session description, or when there is none; the argument does not matter.

    Example: if (sdp_content("1")) { xlog("$rb\\n"); }
    """
    message = run.message
    if message.body_start < 0 or message.body_start >= len(message.text):
        return -1
    if message.row("content-type") is None:
        return 1
    kind = multipart.content_type(message.value("content-type"))
    if kind == "multipart/mixed":
        return 1 if "application/sdp" in message.text[message.body_start :].lower() else -1
    return 1 if kind == "application/sdp" else -1


@sdpops.function("sdp_with_ice")
def sdp_with_ice(state: SdpOps, run: Run) -> int:
    """True when the body has a line with `a=candidate`.

    Example: if (sdp_with_ice()) { xlog("ICE\\n"); }
    """
    message = run.message
    return 1 if message.body_start >= 0 and "a=candidate" in message.text[message.body_start :] else -1


@sdpops.function("sdp_get_address_family")
def sdp_get_address_family(state: SdpOps, run: Run) -> int:
    """4 or 6 by the address of the session; -1 without one.

    Example: sdp_get_address_family(); xlog("$rc\\n");
    """
    description = state.described(run)
    if description is None:
        state.complain(run, "Unable to parse sdp body ")
        return -1
    where = description.sessions[0].connection if description.sessions else None
    return {"IP4": 4, "IP6": 6}.get(where.family, -1) if where is not None else -1


@sdpops.function("sdp_print", INTEGER)
def sdp_print(state: SdpOps, run: Run, level: int) -> int:
    """Means to log the session description; 5.6.3 logs `no sdp body` instead, at that level (-1 error, 0 warning, 1 notice, ...).

    Example: sdp_print("1");
    """
    if state.look(run) is None:
        return -1
    state.instance.diag(_LEVELS[max(-4, min(level, 3))], "no sdp body", "core", run.at)
    return 1


def _has_media(state: SdpOps, run: Run, test: Callable[[Media], bool]) -> int:
    description = state.look(run)
    return 1 if description is not None and any(map(test, description.media)) else -1


@sdpops.function("sdp_with_media", FORMAT)
def sdp_with_media(state: SdpOps, run: Run, kind: str) -> int:
    """True when there is media of a kind.

    Example: if (sdp_with_media("video")) { xlog("video\\n"); }
    """
    return _has_media(state, run, lambda media: media.kind.lower() == kind.lower())


@sdpops.function("sdp_with_active_media", FORMAT)
def sdp_with_active_media(state: SdpOps, run: Run, kind: str) -> int:
    """True when there is media of a kind with a port, and without `a=inactive`.

    Example: if (sdp_with_active_media("video")) { xlog("video\\n"); }
    """
    return _has_media(state, run, lambda media: media.kind.lower() == kind.lower() and media.port_number != 0 and media.mode != "inactive")


@sdpops.function("sdp_with_transport", FORMAT)
def sdp_with_transport(state: SdpOps, run: Run, transport: str) -> int:
    """True when there is media with a transport.

    Example: if (sdp_with_transport("RTP/SAVP")) { xlog("encrypted\\n"); }
    """
    return _has_media(state, run, lambda media: media.transport.lower() == transport.lower())


@sdpops.function("sdp_with_transport_like", FORMAT)
def sdp_with_transport_like(state: SdpOps, run: Run, part: str) -> int:
    """True when there is media whose transport contains a text.

    Example: if (sdp_with_transport_like("SAVP")) { xlog("encrypted\\n"); }
    """
    return _has_media(state, run, lambda media: bool(part) and part in media.transport)


# ---------------------------------------------------------------- into an AVP


def _avp(scope: Scope, name: str) -> Write | None:
    """What writes the AVP; None when it is none."""
    try:
        pv = scope.names.pv(name)
    except FixupError:
        return None
    return scope.write(pv) if pv.spec.name == "avp" else None


def _no_avp(state: SdpOps, run: Run, name: str) -> int:
    state.complain(run, f"malformed or non AVP {name}")
    return -1


@sdpops.function("sdp_get", TEXT, bound=True)
def sdp_get(scope: Scope, state: SdpOps, name: Any) -> Callable[[Run], int]:
    """Puts the session description into an AVP; -2 without a body.

    Example: if (sdp_get("$avp(sdp)")) { xlog("$avp(sdp)\\n"); }
    """
    avp = key(name)
    write = _avp(scope, avp)

    def get(run: Run) -> int:
        if write is None:
            return _no_avp(state, run, avp)
        description = state.look(run)
        if description is None or description is NONE:
            return -1 if description is None else -2
        write(run, description.text(run.message))
        return 1

    return get


@sdpops.function("sdp_transport", TEXT, bound=True)
def sdp_transport(scope: Scope, state: SdpOps, name: Any) -> Callable[[Run], int]:
    """Puts the transport that all media have into an AVP; -2 when they differ.

    Example: if (sdp_transport("$avp(t)")) { xlog("$avp(t)\\n"); }
    """
    avp = key(name)
    write = _avp(scope, avp)

    def transport(run: Run) -> int:
        if write is None:
            return _no_avp(state, run, avp)
        description = state.described(run)
        if description is None:
            state.complain(run, "unable to parse sdp")
            return -1
        found = [media.transport for media in description.media]
        if len({each.lower() for each in found}) > 1:
            return -2
        if found:
            write(run, found[0])
        return 1

    return transport


@sdpops.function("sdp_get_line_startswith", TEXT, TEXT, bound=True)
def sdp_get_line_startswith(scope: Scope, state: SdpOps, name: Any, start: Any) -> Callable[[Run], int]:
    """Puts the first line that begins with a text into an AVP; -2 without a body.

    Example: if (sdp_get_line_startswith("$avp(l)", "a=rtpmap:8")) { xlog("$avp(l)\\n"); }
    """
    avp, wanted = key(name), key(start)
    write = _avp(scope, avp)

    def get(run: Run) -> int:
        if not wanted:
            state.complain(run, "Search string is null or empty")
            return -1
        description = state.look(run)
        if description is None or description is NONE:
            return -1 if description is None else -2
        if write is None:
            return _no_avp(state, run, avp)
        text = run.message.text
        for line in _lines(text, description.start, len(text), wanted[0]):
            if line.startswith(wanted):
                write(run, line[:-2] if line.endswith("\r\n") else line)
                return 1
        return -1

    return get


def _lines(text: str, at: int, end: int, kind: str) -> list[str]:
    """The lines `kind=...` with their line ends."""
    found = []
    while at < end:
        stop = text.find("\n", at, end) + 1 or end
        if text.startswith(f"{kind}=", at):
            found.append(text[at:stop])
        at = stop
    return found


# ---------------------------------------------------------------- what goes


@sdpops.function("sdp_remove_line_by_prefix", FORMAT)
def sdp_remove_line_by_prefix(state: SdpOps, run: Run, prefix: str) -> int:
    """Removes all lines that begin with a text; true also without any.

    Example: sdp_remove_line_by_prefix("a=crypto:");
    """
    return _remove_lines(state, run, prefix, "")


@sdpops.function("sdp_remove_line_by_prefix", FORMAT, FORMAT)
def sdp_remove_line_by_prefix_in(state: SdpOps, run: Run, prefix: str, media: str) -> int:
    """As sdp_remove_line_by_prefix() in one kind of media.

    Example: sdp_remove_line_by_prefix("a=candidate", "video");
    """
    return _remove_lines(state, run, prefix, media)


def _remove_lines(state: SdpOps, run: Run, prefix: str, media: str) -> int:
    description = state.described(run)
    if description is None or description is NONE:
        state.complain(run, "Unable to parse SDP")
        return -1
    if not media and description.start == description.end:
        return -1
    lumps = run.message.body_lumps
    for line in _chosen_lines(description, media):
        if prefix and f"{line.type}={line.value}".startswith(prefix):
            lumps.delete(line.start, line.end - line.start)
    return 1


def _chosen_lines(description: Description, media: str) -> list[Line]:
    found = []
    for session in description.sessions:
        found += session.lines if not media else []
        for each in session.media:
            found += each.lines if not media or each.kind.lower() == media.lower() else []
    return found


def _remove_media(state: SdpOps, run: Run, test: Callable[[Media], bool]) -> int:
    """Removes media up to the next one, the last one up to the end of the description."""
    description = state.look(run)
    if description is None:
        return -1
    count = 0
    for session in description.sessions:
        ends = [media.start for media in session.media[1:]] + [description.end]
        for media, end in zip(session.media, ends, strict=True):
            if test(media):
                run.message.body_lumps.delete(media.start, end - media.start)
                count += 1
    return 1 if count else -1


@sdpops.function("sdp_remove_media", FORMAT)
def sdp_remove_media(state: SdpOps, run: Run, kind: str) -> int:
    """Removes all media of a kind; -1 when there is none.

    Example: sdp_remove_media("video");
    """
    return _remove_media(state, run, lambda media: media.kind.lower() == kind.lower())


@sdpops.function("sdp_remove_transport", FORMAT)
def sdp_remove_transport(state: SdpOps, run: Run, transport: str) -> int:
    """Removes all media with a transport; -1 when there is none.

    Example: sdp_remove_transport("RTP/SAVP");
    """
    return _remove_media(state, run, lambda media: media.transport.lower() == transport.lower())


# ---------------------------------------------------------------- $sdp


@sdpops.variables_of("sdp", inner=OneOf(("body", "sess_version"), tuple(PARTS)))
def sdp(scope: Any, inner: Arg[str], index: Index) -> Read:
    """The session description: `body`, or the version number in its `o=` line, `sess_version`, up to 2147483647.

    The version can be set; that shows when the message leaves. Newer versions have `c:ip`, `c:af`, `o:ip`, `raw`, and of the first
    medium `m0:rtp:port`, `m0:rtcp:port`, `m0:b:AS` (`RR`, `RS`) and `m0:raw`, too.

    Example: $sdp(sess_version) = 5; xlog("$sdp(sess_version)\\n");
    """
    state = _state(scope)
    if key(inner) == "sess_version":

        def version(run: Run) -> Value:
            text = _version(state, run)[0]
            return None if text is None else Spelled(int(text), text)

        return version

    part = PARTS["raw" if key(inner) == "body" else key(inner)]

    def read(run: Run) -> Value:
        description = state.described(run)
        return None if description is None or description is NONE else part(run, description)

    return read


def _state(scope: Any) -> SdpOps:
    found = scope.services.state("sdpops")
    assert isinstance(found, SdpOps)
    return found


def _version(state: SdpOps, run: Run) -> tuple[str | None, int]:
    """The version and where it is."""
    description = state.described(run)
    line = description.sessions[0].line("o") if description is not None and description.sessions else None
    words = list(re.finditer(r"[^ \t]+", line.value)) if line is not None else []
    if line is None or len(words) < 3:
        return None, -1
    version = words[2][0]
    if not _VERSION.match(version) or not -(1 << 31) <= int(version) < 1 << 31:
        return None, -1
    return version, line.value_start + words[2].start()


@sdp.writer
def write_sdp(scope: Any, inner: Arg[str], index: Index) -> Write:
    """Sets the session version to a number."""
    name, state = key(inner), _state(scope)

    def write(run: Run, value: Value) -> None:
        if name != "sess_version":
            raise AssignError("unknown PV")
        if not isinstance(value, int):
            raise AssignError("expected integer")
        version, at = _version(state, run)
        if version is None:
            raise AssignError("unable to get current str pointer")
        if value != _AUTO:
            run.message.body_lumps.delete(at, len(version)).add_after(str(value))

    return write
