"""Via bodies: protocol, sent-by, parameters, and where each stands in the message."""

import re
from dataclasses import dataclass
from typing import NamedTuple

_LWS = r"(?:[ \t]|(?:\r\n?|\n)[ \t])*+"
_PLAIN = re.compile(
    r"SIP/2\.0/([ABE-HJKM-OQ-Z][A-Z]*+) ([A-Za-z0-9][A-Za-z0-9.\-]*+)(?::([0-9]{1,5}+))?+"
    r"(;rport(?=;))?+;branch=([A-Za-z0-9][A-Za-z0-9.\-]*+)(;rport)?+",
    re.A,
)
_SENT_BY = re.compile(
    rf"{_LWS}(?P<name>[Ss][Ii][Pp]){_LWS}/{_LWS}(?P<version>2\.0){_LWS}/{_LWS}(?P<transport>[^\s/IiPpDdCcLl2.0][^\s/]*+)"
    rf"(?:[ \t]|(?:\r\n?|\n)[ \t]){_LWS}"
    rf"(?P<host>\[[^\s\]\[(),;]*+\]|[^\s:;,()\[\]]++){_LWS}(?::{_LWS}(?P<port>\d++){_LWS})?+",
    re.A,
)
_PARAM = re.compile(
    rf";(?P<whole>{_LWS}(?P<name>[^\s;,=:()\[\]][^\s;,=]*+){_LWS}"
    rf"(?P<equal>={_LWS}(?:\"(?P<quoted>[^\",]*+)(?P<closed>\"?)|(?P<value>[^\s;,=\"]++))?+)?+){_LWS}",
    re.A,
)
_WITH_VALUE = frozenset({"branch", "received", "i", "ttl", "maddr", "al", "ali", "alia"})
"""Parameters that need a value; among them the beginnings of `alias`, which 5.6.3 takes for a bad one."""
_BARE = frozenset({"alias", "hidden", "a"})
_SHORTCUTS = _WITH_VALUE | _BARE | {"rport"}
_COMMENT = re.compile(rf"\((?P<comment>(?:[^()]++|\([^()]*+\))*+)\){_LWS}", re.A)
_NEXT = re.compile(rf",(?:{_LWS},)*+{_LWS}")


class ViaParam(NamedTuple):
    """A parameter: name, value (None without `=`), and offsets into the message from behind its `;` to its end."""

    name: str
    value: str | None
    start: int
    end: int


@dataclass(slots=True)
class Via:
    """One Via value; `start` and `end` are offsets into the text it was read from (`end` behind the comma of a list)."""

    transport: str
    host: str
    port_text: str
    port: int
    params: list[ViaParam]
    start: int
    host_end: int
    params_start: int
    params_end: int
    end: int
    last: bool
    branch: ViaParam | None = None
    received: ViaParam | None = None
    rport: ViaParam | None = None
    i: ViaParam | None = None
    alias: ViaParam | None = None

    @property
    def proto(self) -> str:
        """The transport in lower case; `""` when Kamailio does not know it."""
        lowered = self.transport.lower()
        return lowered if lowered in ("udp", "tcp", "tls", "sctp", "ws", "wss") else ""

    def param(self, name: str) -> str | None:
        """The value of a parameter by its name without case; `""` without a value, None when it is not there."""
        for param in self.params:
            if param.name.lower() == name:
                return param.value or ""
        return None

    def params_text(self, text: str) -> str:
        """The parameters as written, without the first `;`."""
        return text[self.params_start : self.params_end] if self.params else ""


def _plain(match: re.Match[str], at: int, stop: int) -> Via:
    """The shape that nearly all Vias have: a branch, with or without rport in front of or behind it."""
    transport, host, port, first, branch, last = match.groups()
    host_end = match.end(3) if port else match.end(2)
    if port is None:
        port = ""
    start, end = match.span(5)
    params = [ViaParam("branch", branch, start - 7, end)]
    via = Via(transport, host, port, int(port or 0) & 0xFFFF, params, at, host_end, host_end + 1, stop, stop, True, params[0])
    if last is not None:
        params.append(ViaParam("rport", None, end + 1, stop))
    elif first is not None:
        params.insert(0, ViaParam("rport", None, start - 13, start - 8))
    if len(params) > 1:
        via.rport = params[1 if last is not None else 0]
    return via


def parse(text: str, at: int, stop: int) -> list[Via] | None:
    """The values of a Via header body between two offsets; None when Kamailio's parser refuses it."""
    plain = _PLAIN.fullmatch(text, at, stop)
    if plain is not None and (plain[4] is None or plain[6] is None):
        return [_plain(plain, at, stop)]
    vias: list[Via] = []
    while True:
        via = _one(text, at, stop)
        if via is None:
            return None
        vias.append(via)
        at = via.end
        if via.last:
            return vias


def _one(text: str, at: int, stop: int) -> Via | None:
    head = _SENT_BY.match(text, at, stop)
    if head is None:
        return None
    port_text = head["port"] or ""
    if len(port_text) > 5:
        return None
    port = int(port_text or 0) & 0xFFFF
    host_end = head.end("host") + (1 + len(port_text) if port else 0)  # blanks around the colon do not count
    via = Via(head["transport"], head["host"], port_text, port, [], at, host_end, host_end, host_end, stop, True)
    position = head.end()
    params = via.params
    while text.startswith(";", position, stop):
        found = _PARAM.match(text, position, stop)
        if found is None:
            return None
        name, value, position = found["name"], found["value"], found.end()
        if value is not None:
            param = ViaParam(name, value, found.start("whole"), found.end("value"))
        else:
            odd = _odd(found, stop)
            if odd is None:
                return None
            param = odd
        params.append(param)
        if name == "branch":
            via.branch = param
        elif name == "rport":
            via.rport = param
        elif name in _SHORTCUTS or name.lower() in _SHORTCUTS:
            if not _note(via, param):
                return None
    if params:
        via.params_start, via.params_end = params[0].start, params[-1].end
    return _close(via, text, position, stop)


def _odd(found: re.Match[str], stop: int) -> ViaParam | None:
    """A parameter with a quoted value, an empty one or none; its end takes in the blanks behind it when there is no value."""
    name, quoted, equal = found["name"], found["quoted"], found["equal"]
    start, needed = found.start("whole"), name.lower() in _WITH_VALUE
    if quoted is not None:
        if not found["closed"] and (needed or found.end() != stop):
            return None
        return ViaParam(name, quoted, start, found.end("quoted"))
    comma = found.string.startswith(",", found.end(), stop)
    if equal is not None:
        return None if comma or (needed and found.end() == stop) else ViaParam(name, "", start, found.end())
    blank = found.end() > found.end("name")
    if (needed and (not blank or found.end() == stop)) or (comma and blank and name.lower() != "rport"):
        return None
    if found.string.startswith("(", found.end(), stop):
        return None
    return ViaParam(name, None, start, found.end())


def _note(via: Via, param: ViaParam) -> bool:
    """Keep a parameter that Kamailio knows; False when it may not have the value it has."""
    name = param.name.lower()
    if name in _BARE and param.value is not None:
        return False
    if name in ("branch", "rport", "received", "i", "alias"):
        setattr(via, name, param)
    return True


def _close(via: Via, text: str, position: int, stop: int) -> Via | None:
    """What may follow: a comment, the end, or a comma and the next value."""
    if position == stop:
        return via
    comment = _COMMENT.match(text, position, stop)
    if comment is not None:
        position = comment.end()
        if position == stop:
            return via
    following = _NEXT.match(text, position, stop)
    if following is None:
        return None
    if following.end() < stop:
        via.end, via.last = following.end(), False
        return via
    return None
