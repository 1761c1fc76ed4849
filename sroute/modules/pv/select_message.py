"""Selects of the message and its headers: `@msg.len`, `@via[1].host`, `@msg.header["X-A"]`, `@authorization["realm"].nonce`."""

import re
from collections.abc import Callable

from sroute.exports.select import Factory, Family, Parts
from sroute.modules.pv.select_addresses import body_below, uri_below
from sroute.modules.pv.select_types import always, leaf, named
from sroute.runtime.run import Run
from sroute.sip import digest, sdp
from sroute.sip.digest import Credentials
from sroute.sip.headers import kind
from sroute.sip.message import Message
from sroute.sip.via import Via

_COMMENT = re.compile(r"\(([^()]*)\)\s*,?\s*\Z")


def _request(value: Callable[[Message], str | None]) -> Callable[[Run], str | None]:
    return lambda run: value(run.message) if run.message.is_request else None


def _reply(value: Callable[[Message], str | None]) -> Callable[[Run], str | None]:
    return lambda run: None if run.message.is_request else value(run.message)


_METHOD = _request(lambda message: message.method)
_STATUS = _reply(lambda message: message.status_text)
_REASON = _reply(lambda message: message.reason)


def _version_of(run: Run) -> str:
    return run.message.version


def method(index: int | str | None, rest: Parts) -> Factory | None:
    """`@method`."""
    return leaf(_METHOD, rest)


def version(index: int | str | None, rest: Parts) -> Factory | None:
    """`@version`."""
    return leaf(_version_of, rest)


def status(index: int | str | None, rest: Parts) -> Factory | None:
    """`@status`, `@code`: of a reply."""
    return leaf(_STATUS, rest)


def reason(index: int | str | None, rest: Parts) -> Factory | None:
    """`@reason`: of a reply."""
    return leaf(_REASON, rest)


def cseq(index: int | str | None, rest: Parts) -> Factory | None:
    """`@cseq`, its num and its method."""
    if not rest:
        return always(lambda run: run.message.value("cseq"))
    if rest[0][0] == "num":
        return leaf(lambda run: run.message.cseq.number if run.message.cseq is not None else None, rest[1:])
    if rest[0][0] == "method":
        return leaf(lambda run: run.message.cseq.method if run.message.cseq is not None else None, rest[1:])
    return None


# ---------------------------------------------------------------- Via

VIA_PARTS: dict[str, Callable[[Via, str], str | None]] = {
    "name": lambda via, text: "SIP",
    "version": lambda via, text: "2.0",
    "transport": lambda via, text: via.transport,
    "host": lambda via, text: via.host,
    "port": lambda via, text: via.port_text or None,
    "comment": lambda via, text: found[1] if (found := _COMMENT.search(text, via.params_end, via.end)) is not None else None,
    "branch": lambda via, text: via.param("branch") or None,
    "received": lambda via, text: via.param("received") or None,
    "rport": lambda via, text: via.param("rport") or None,
    "i": lambda via, text: via.param("i") or None,
    "alias": lambda via, text: via.param("alias") or None,
}


def via(index: int | str | None, rest: Parts) -> Factory | None:
    """`@via[n]`: the n-th Via value from 1, -1 the last, and its parts."""
    if isinstance(index, str):
        return None
    place = 1 if index is None else index
    if not rest:
        return always(lambda run: run.message.text[found.start : found.end].rstrip() if (found := _pick(run, place)) is not None else None)
    name = named(rest) if rest[0][0] == "params" else None
    if name is not None:
        wanted = name.lower()
        return always(lambda run: found.param(wanted) or None if (found := _pick(run, place)) is not None else None)
    part = VIA_PARTS.get(rest[0][0])
    if part is None:
        return None
    chosen = part
    return leaf(lambda run: chosen(found, run.message.text) if (found := _pick(run, place)) is not None else None, rest[1:])


def _pick(run: Run, place: int) -> Via | None:
    vias = run.message.vias
    at = place - 1 if place > 0 else place + len(vias)
    return vias[at] if place and 0 <= at < len(vias) else None


# ---------------------------------------------------------------- the message


def message(index: int | str | None, rest: Parts) -> Factory | None:
    """`@msg` and what is in it."""
    if not rest:
        return always(lambda run: run.message.text)
    name = rest[0][0]
    if name in ("header", "h"):
        return _header(rest)
    if name in ("body", "content"):
        return _body(rest[1:])
    if name in ("request", "req"):
        return _of_request(rest[1:])
    if name in ("response", "res"):
        return _of_reply(rest[1:])
    if name == "id" and rest[1:] == (("hex", None),):
        return always(lambda run: f"{run.message.number:08x}")
    value = _PLAIN.get(name)
    return None if value is None else leaf(value, rest[1:])


_PLAIN: dict[str, Callable[[Run], str | None]] = {
    "first_line": lambda run: run.message.text[: run.message.headers_start].strip("\r\n"),
    "flags": lambda run: str(run.message.flags),
    "len": lambda run: str(len(run.message.text)),
    "id": lambda run: str(run.message.number),
    "type": lambda run: "1" if run.message.is_request else "2",
}


def _header(rest: Parts) -> Factory | None:
    """`header["X-A"]` or `header.x_a`; alone it is the first line of that name, for `nameaddr` and `params` the last."""
    name, below = rest[0][1], rest[1:]
    if name is None and below:
        name, below = below[0][0].replace("_", "-"), rest[2:]
    if not isinstance(name, str):
        return None
    known = kind(name)
    if not below:
        return always(lambda run: run.message.value(known))
    return body_below(lambda run: lines[-1].body if (lines := run.message.all(known)) else None, below)


def _body(rest: Parts) -> Factory | None:
    if not rest:
        return always(lambda run: run.message.body)
    if rest[0][0] != "sdp":
        return None
    if len(rest) == 1:
        return always(lambda run: run.message.text[found.start : found.end] if (found := sdp.of(run.message)) is not None else None)
    name, wanted = rest[1]
    if name != "line" or not isinstance(wanted, str) or not _is_line(wanted) or len(rest) > 2:
        return None
    return always(lambda run: _sdp_line(run.message, wanted[0]))


def _is_line(wanted: str) -> bool:
    return len(wanted) == 1 or (len(wanted) == 2 and wanted[1] == "=")


def _sdp_line(received: Message, kind_of_line: str) -> str | None:
    found = sdp.of(received)
    if found is None:
        return None
    for line in received.text[found.start : found.end].split("\n"):
        if line.startswith(f"{kind_of_line}="):
            return line[2:].rstrip("\r")
    return None


def _of_request(rest: Parts) -> Factory | None:
    if not rest:
        return always(_request(lambda received: received.text))
    if rest[0][0] == "method":
        return leaf(_METHOD, rest[1:])
    if rest[0][0] == "version":
        return leaf(_request(lambda received: received.version), rest[1:])
    return uri_below(_request(lambda received: received.ruri), rest[1:]) if rest[0][0] == "uri" else None


def _of_reply(rest: Parts) -> Factory | None:
    if not rest:
        return always(_reply(lambda received: received.text))
    values = {"version": _reply(lambda received: received.version), "status": _STATUS, "code": _STATUS, "reason": _REASON}
    value = values.get(rest[0][0])
    return None if value is None else leaf(value, rest[1:])


# ---------------------------------------------------------------- credentials

AUTH_PARTS = ("realm", "nonce", "uri", "cnonce", "nc", "response", "opaque", "algorithm", "qop", "username")


def credentials(header: str) -> Family:
    """`@authorization["realm"]` and its parameters; without a realm there is nothing."""

    def family(index: int | str | None, rest: Parts) -> Factory | None:
        if isinstance(index, int):
            return None
        if not rest:
            return None if index is None else always(lambda run: _auth_body(run, header, index))
        name = rest[0][0]
        if name not in AUTH_PARTS:
            return None
        if len(rest) == 1:
            return always(lambda run: _auth_part(run, header, index, lambda found: getattr(found, name)))
        if name != "username" or index is None or len(rest) > 2 or rest[1][0] not in ("user", "domain"):
            return None
        half = rest[1][0]
        return always(lambda run: _auth_part(run, header, index, lambda found: found.user if half == "user" else found.domain))

    return family


def _auth_body(run: Run, header: str, realm: str | None) -> str | None:
    for line in run.message.all(header) if realm is not None else ():
        found = digest.credentials(line.body)
        if found is not None and (found.realm or "").lower() == (realm or "").lower():
            return line.body
    return None


def _auth_part(run: Run, header: str, realm: str | None, part: Callable[[Credentials], str | None]) -> str | None:
    body = _auth_body(run, header, realm)
    found = None if body is None else digest.credentials(body)
    return None if found is None else part(found) or None
