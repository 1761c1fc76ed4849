"""Via headers: `$via0` the top one, `$via1` the second, `$viaZ` the last."""

from collections.abc import Callable

from sroute.exports.fixups import Arg, Scope
from sroute.exports.variable import Index
from sroute.modules.pv.keys import OneOf, key
from sroute.modules.pv.module import pv
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value
from sroute.sip.endpoint import DEFAULT_PORT, PROTOCOLS
from sroute.sip.message import Message
from sroute.sip.via import Via, ViaParam

KEYS = OneOf(("host", "port", "proto", "protoid", "branch", "rport", "received", "i"), ("params", "oc", "oc-algo"))


def _value(param: ViaParam | None) -> Value:
    return None if param is None else param.value or None


def _named(name: str) -> Callable[[Via, str], Value]:
    return lambda via, text: via.param(name) or None


PARTS: dict[str, Callable[[Via, str], Value]] = {
    "host": lambda via, text: via.host,
    "port": lambda via, text: via.port or DEFAULT_PORT,
    "proto": lambda via, text: via.transport,
    "protoid": lambda via, text: PROTOCOLS.get(via.proto, 0),
    "branch": lambda via, text: _value(via.branch),
    "rport": lambda via, text: _value(via.rport),
    "received": lambda via, text: _value(via.received),
    "i": lambda via, text: _value(via.i),
    "params": lambda via, text: via.params_text(text) or None,
    "oc": _named("oc"),
    "oc-algo": _named("oc-algo"),
}


def _declare(name: str, doc: str, choose: Callable[[Message], Via | None]) -> None:
    def factory(scope: Scope, inner: Arg[str], index: Index) -> Read:
        part = PARTS[key(inner)]

        def read(run: Run) -> Value:
            message = run.message
            via = choose(message)
            return None if via is None else part(via, message.text)

        return read

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name}(host):${name}(port)\\n");'
    pv.variables_of(name, inner=KEYS)(factory)


_declare("via0", "A part of the top Via: host, port, proto, protoid, branch, rport, received, i.", lambda message: message.via1)
_declare("via1", "A part of the second Via; null when there is only one.", lambda message: message.via2)
_declare("viaZ", "A part of the last Via.", lambda message: message.vias[-1] if message.vias else None)
