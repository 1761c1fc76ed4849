"""Via bodies: protocol, sent-by, parameters, and where each stands in the message."""

import re
from dataclasses import dataclass

_LWS = r"(?:[ \t]|\r?\n[ \t])*+"
_SENT_BY = re.compile(
    rf"{_LWS}(?P<name>[Ss][Ii][Pp]){_LWS}/{_LWS}(?P<version>2\.0){_LWS}/{_LWS}(?P<transport>[^\s/;,]++)(?:[ \t]|\r?\n[ \t])++"
    rf"(?P<host>\[[^\s\]\[(),;]*+\]|[^\s:;,()\[\]]++){_LWS}(?::{_LWS}(?P<port>\d++){_LWS})?+",
    re.A,
)
_PARAM = re.compile(
    rf";(?P<whole>{_LWS}(?P<name>[^\s;,=:()\"]++)(?:{_LWS}={_LWS}(?:\"(?P<quoted>[^\"]*+)\"|(?P<value>\[[^\]\s]*+\]|[^\s;,=()\"]++)))?+){_LWS}",
    re.A,
)
_COMMENT = re.compile(rf"\((?P<comment>[^()]*+)\){_LWS}")
_NEXT = re.compile(rf",(?:{_LWS},)*+{_LWS}")


@dataclass(slots=True)
class ViaParam:
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


def parse(text: str, at: int, stop: int) -> list[Via] | None:
    """The values of a Via header body between two offsets; None when Kamailio's parser refuses it."""
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
    port = int(port_text[:6] or 0)
    if port > 65535:
        return None
    host_end = head.end("port") if port_text else head.end("host")
    via = Via(head["transport"], head["host"], port_text, port, [], at, host_end, host_end, host_end, stop, True)
    position = head.end()
    params = via.params
    while text.startswith(";", position, stop):
        found = _PARAM.match(text, position, stop)
        if found is None:
            return None
        name = found["name"]
        quoted = found["quoted"]
        param = ViaParam(name, quoted if quoted is not None else found["value"], position + 1, found.end("whole"))
        params.append(param)
        if name == "branch":
            via.branch = param
        elif name == "rport":
            via.rport = param
        elif len(name) <= 8:
            _note(via, param)
        position = found.end()
    if params:
        via.params_start, via.params_end = params[0].start, params[-1].end
    return _close(via, text, position, stop)


def _note(via: Via, param: ViaParam) -> None:
    name = param.name.lower()
    if name in ("branch", "rport", "received", "i", "alias"):
        setattr(via, name, param)


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
