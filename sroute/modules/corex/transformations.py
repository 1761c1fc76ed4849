"""`{sock.*}`: the parts of a socket as text, `udp:127.0.0.1:5060`."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.transformation import Apply
from sroute.modules.corex.module import corex
from sroute.modules.corex.sockets import split
from sroute.modules.pv.parameters import Parsed, none
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value, to_str


def _declare(name: str, doc: str, part: Callable[[str, str, str], str]) -> None:
    def bind(parsed: Parsed, scope: Scope) -> Apply:
        services = scope.services

        def apply(run: Run, value: Value) -> Value:
            if value is None or value is FAILED or value == "":
                return FAILED
            parts = split(to_str(value))
            if isinstance(parts, str):
                services.diag("ERROR", parts, "core", run.at)
                return FAILED
            return part(*parts)

        return apply

    bind.__doc__ = f'{doc} Null for what is no socket.\n\nExample: xlog("$(Ras{{sock.{name}}})\\n");'
    corex.transformation("sock", name, none)(bind)


def _uri(proto: str, host: str, port: str) -> str:
    return f"sip:{host}" + (f":{port}" if port else "") + (f";transport={proto}" if proto else "")


_declare("host", "The host of a socket.", lambda proto, host, port: host)
_declare("port", "The port of a socket, as text; empty without one.", lambda proto, host, port: port)
_declare("proto", "The protocol of a socket; empty without one.", lambda proto, host, port: proto)
_declare("touri", "A socket as a SIP URI.", _uri)
