"""msrp: `{msrpuri.*}`, the parts of an MSRP URI. Relaying is declared only."""

import re
from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.module import Module
from sroute.exports.transformation import Apply
from sroute.modules.pv.parameters import Parsed, none
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Value, to_str

_URI = re.compile(
    r"msrps?://(?:(?P<userinfo>[^@/]*)@)?(?P<host>\[[^\]]*\]|[^:/;]+)(?::(?P<port>\d+))?(?:/(?P<session>[^;]*))?(?:;(?P<params>.*))?\Z",
    re.I | re.S,
)


class Msrp:
    """The transformations need no state."""


msrp: Module[Msrp] = Module("msrp", Msrp, "The parts of MSRP URIs; relaying is declared only.")


def _proto(match: re.Match[str]) -> str:
    return (match["params"] or "").partition(";")[0]


def _params(match: re.Match[str]) -> str:
    """The parameters; the protocol alone does not show."""
    params = match["params"] or ""
    return params if ";" in params else ""


def _group(name: str) -> Callable[[re.Match[str]], str]:
    return lambda match: match[name] or ""


def _user(match: re.Match[str]) -> str:
    return (match["userinfo"] or "").partition(":")[0]


def _declare(name: str, doc: str, part: Callable[[re.Match[str]], str]) -> None:
    def bind(parsed: Parsed, scope: Scope) -> Apply:
        services = scope.services

        def apply(run: Run, value: Value) -> Value:
            if value is None or value is FAILED:
                return FAILED
            match = _URI.match(to_str(value))
            if match is None:
                services.diag("ERROR", "invalid parameters", "msrp", run.at)
                services.diag("ERROR", f"invalid uri [{to_str(value)}]", "msrp", run.at)
                return FAILED
            return part(match)

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(var(uri){{msrpuri.{name}}})\\n");'
    msrp.transformation("msrpuri", name, none)(bind)


_declare("user", "The user of an MSRP URI.", _user)
_declare("userinfo", "User and password of an MSRP URI.", _group("userinfo"))
_declare("host", "The host of an MSRP URI.", _group("host"))
_declare("port", "The port of an MSRP URI, as text.", _group("port"))
_declare("session", "The session id of an MSRP URI.", _group("session"))
_declare("scheme", "The scheme of an MSRP URI as written.", lambda match: match.string.partition(":")[0])
_declare("proto", "The protocol of an MSRP URI.", _proto)
_declare("params", "Protocol and parameters of an MSRP URI; empty when there is nothing but the protocol.", _params)
