"""fix_nated_sdp(): the addresses of a session description."""

import re

from sroute.exports.fixups import FORMAT, INTEGER
from sroute.modules.nathelper.module import NatHelper, nathelper
from sroute.runtime.run import Run
from sroute.sip import multipart

_MEDIA = "\r\nm="
_ADDRESS = re.compile(r"[ \t]*(?:(?!IP[46][ \t])[^ \t]+[ \t]+)*IP([46])[ \t]+([^ \t]+)")


@nathelper.function("fix_nated_sdp", INTEGER)
def fix_nated_sdp(state: NatHelper, run: Run, what: int) -> int:
    """Writes the source address into a session description, also where an IPv6 address stands; 2 when none had to be replaced.

    1 adds `a=direction:active` to the media, 2 replaces the addresses of `c=` lines, 4 adds the line `nortpproxy_str`, 8 replaces
    the addresses of `o=` lines. The old addresses are kept in lines `a=oldmediaip:` (`append_sdp_oldmediaip`).

    Example: if (nat_uac_test("8")) { fix_nated_sdp("3"); }
    """
    return _fix(state, run, what, run.message.src.ip)


@nathelper.function("fix_nated_sdp", INTEGER, FORMAT)
def fix_nated_sdp_with(state: NatHelper, run: Run, what: int, ip: str) -> int:
    """As fix_nated_sdp() with an address of the script.

    Example: fix_nated_sdp("2", "192.0.2.1");
    """
    return _fix(state, run, what, ip or run.message.src.ip)


def _fix(state: NatHelper, run: Run, what: int, ip: str) -> int:
    message = run.message
    text = message.text
    kind = multipart.content_type(message.value("content-type"))
    part = multipart.find(message, "application/sdp" if kind in ("application/sdp", "multipart/mixed") else "")
    if part is None or not message.content_length:
        state.complain(run, "cannot extract body from msg!")
        return -1
    end = part.start + len(text[part.start : part.end].rstrip("\r\n"))
    if what & 1:
        at = text.find(_MEDIA, part.start, end)
        while at >= 0:
            at = text.find(_MEDIA, at + len(_MEDIA), end)
            _add(run, at if at >= 0 else end, "a=direction:active")
    if what & 4 and state.nortpproxy_str:
        _add(run, end, state.nortpproxy_str)
    count = 0
    for bit, line in ((2, "c="), (8, "o=")):
        if what & bit:
            changed = _replace(state, run, (part.start, end), line, ip)
            if changed < 0:
                return -1
            count += changed
    return 1 if count else 2


def _add(run: Run, at: int, line: str) -> None:
    run.message.anchors(at).anchor(at).add_after(f"\r\n{line}")


def _replace(state: NatHelper, run: Run, span: tuple[int, int], line: str, ip: str) -> int:
    """Replaces the addresses in lines of one kind; how many it were, or -1."""
    message, (at, end) = run.message, span
    text, count, family = message.text, 0, ""
    while True:
        at = _line(text, line, at, end)
        stop = text.find("\n", at, end)
        address = _ADDRESS.match(text, at, stop if stop >= 0 else end) if at >= 0 else None
        if address is None and at >= 0:
            state.complain(run, f"no `IP[4|6]' in `{line}' field")
            return -1
        if address is None:
            return count
        if family not in ("", address[1]):
            state.complain(run, f"mismatching address families in '{line}' SDP")
            return -1
        family, start, old = address[1], address.start(2), address[2].rstrip("\r")
        at = start + len(old)
        if old in (ip, "0.0.0.0") or set(old) <= set("0:"):
            continue
        if state.append_sdp_oldmediaip:
            _add(run, end, f"a=oldmediaip{'' if family == '4' else '6'}:{old}")
        message.anchors(start).delete(start, len(old)).add_after(ip)
        count += 1


def _line(text: str, line: str, at: int, end: int) -> int:
    """The offset behind the next `c=` or `o=` at the beginning of a line; -1 without one."""
    found = text.find(line, at, end)
    while found >= 0 and text[found - 1] not in "\r\n":
        found = text.find(line, found + 2, end)
    return found + 2 if found >= 0 else -1
