"""The alias parameter in URIs: taking it out again."""

import re
from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import INTEGER, TEXT, FixupError, Scope
from sroute.modules.nathelper.module import NatHelper, nathelper
from sroute.modules.pv.keys import key
from sroute.runtime.run import Run
from sroute.sip.endpoint import PROTOCOLS

_PROTOCOLS = {str(number): name for name, number in PROTOCOLS.items()} | {"6": "ws"}


_SHORTEST = 5
"""The shortest alias that 5.6.3 looks at, without its name."""


def _find(params: str, name: str, *, last: bool) -> int:
    """The offset behind `alias=` in a list of parameters; -1 without one."""
    found = at = -1
    while at < len(params) - len(name) - _SHORTEST:
        if params.startswith(name, at + 1):
            found = at + 1 + len(name)
            if not last:
                break
        at = params.find(";", at + 1)
        if at < 0:
            break
    return found


def _handle(state: NatHelper, run: Run, *, last: bool) -> int:
    message = run.message
    uri = message.parsed_uri
    if uri is None:
        state.complain(run, "while parsing Request-URI")
        return -1
    text, params, name = message.uri, uri.sip_params, f"{state.alias_name}="
    at = _find(params, name, last=last) if params else -1
    if at < 0:
        return 2
    start = len(text) - (len(uri.headers) + 1 if uri.headers or text.endswith("?") else 0) - len(params) + at
    end = start - at + len(params)
    if last and ";" not in params[at:]:
        end -= len(name)  # 5.6.3 takes it off twice
    first = text.find("~", start, end)
    if first < 0:
        state.complain(run, "no '~' in alias param value")
        return -1
    text = _colon(run, first)
    second = text.find("~", first, end)
    if second < 0:
        state.complain(run, "no second '~' in alias param value")
        return -1
    return _take(state, run, (start, second, end), name)


def _colon(run: Run, at: int) -> str:
    """Writes a colon into the request URI as it stands; 5.6.3 does so before it looks on."""
    message = run.message
    text = message.uri
    changed = f"{text[:at]}:{text[at + 1 :]}"
    if message.new_uri is None:
        message.patch(message.uri_start + at, ":")
        message.ruri = changed
    else:
        message.uri = changed
    return changed


def _take(state: NatHelper, run: Run, place: tuple[int, int, int], name: str) -> int:
    """Makes the alias the next hop and takes it out of the URI."""
    message, (start, second, end) = run.message, place
    text = message.uri
    behind = text[second + 1 : end]
    if not behind or behind[0] == ";":
        state.complain(run, "no proto in alias param")
        return -1
    proto = _PROTOCOLS.get(behind[0])
    if proto is None:
        state.complain(run, "unknown proto in alias param")
        return -1
    if behind[1:2] not in ("", ";"):
        state.complain(run, "invalid alias param value")
        return -1
    message.dst_uri = f"sip:{text[start:second]}" + ("" if proto == "udp" else f";transport={proto}")
    message.uri = text[: start - len(name) - 1] + text[second + 2 :]
    return 1


@nathelper.function("handle_ruri_alias")
def handle_ruri_alias(state: NatHelper, run: Run) -> int:
    """Takes the alias parameter out of the request URI and sends to its address ($du); 2 without one.

    Example: if (has_totag()) { handle_ruri_alias(); }
    """
    return _handle(state, run, last=False)


@nathelper.function("handle_ruri_alias", INTEGER)
def handle_ruri_alias_mode(state: NatHelper, run: Run, mode: int) -> int:
    """As handle_ruri_alias(); with mode 1 the last alias counts, but 5.6.3 takes it only when a parameter stands behind it.

    Example: handle_ruri_alias("1");
    """
    return _handle(state, run, last=mode == 1)


@nathelper.function("set_alias_to_pv", TEXT, bound=True)
def set_alias_to_pv(scope: Scope, state: NatHelper, target: Any) -> Callable[[Run], int]:
    """Puts the address in the alias parameter of the contact into a variable, as a URI; -1 without one.

    Example: if (set_alias_to_pv("$du")) { xlog("goes to $du\\n"); }
    """
    variable = key(target)
    alias = re.compile(rf";{re.escape(state.alias_name)}=([^~]+)~([^~]*)~([^;>?]*)")
    try:
        write = scope.write(scope.names.pv(variable))
    except FixupError:
        write = None

    def put(run: Run) -> int:
        body = run.message.value("contact")
        found = alias.search(body) if body is not None else None
        if found is None:
            return -1
        if write is None:
            state.complain(run, f"Destination pseudo-variable is not writable: [{variable}] ")
            return -1
        write(run, f"sip:{found[1]}:{found[2]};transport={_PROTOCOLS.get(found[3], '')}")
        return 1

    return put
