"""Who calls, as other headers than From say it: P-Asserted-Identity, P-Preferred-Identity, Remote-Party-ID, Diversion, Refer-To."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.variable import ALL, Index
from sroute.modules.pv.module import pv
from sroute.runtime.run import Read, Run
from sroute.runtime.values import FAILED, Value
from sroute.sip import nameaddr
from sroute.sip import uri as uris
from sroute.sip.compose import split_list
from sroute.sip.message import Message
from sroute.sip.nameaddr import NameAddr
from sroute.sip.uri import Uri


def _addresses(message: Message, name: str) -> list[NameAddr] | None:
    """The addresses of all header lines of a name; None when one does not parse."""
    found = []
    for header in message.all(name):
        for value in split_list(header.body):
            parsed = nameaddr.parse(value)
            if parsed is None:
                return None
            found.append(parsed)
    return found


def _identity(name: str, header: str, doc: str, part: Callable[[NameAddr], Value]) -> None:
    """A variable of P-Asserted-Identity or P-Preferred-Identity; a negative index is ignored, `*` fails."""
    short = "PAI" if header.startswith("P-A") else "PPI"

    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            at = index(run) if callable(index) else index
            if at == ALL:
                services.diag("ERROR", f"Unable to return 'all' {short} values", "pv", run.at)
                return FAILED
            if not run.message.complete:
                return None
            found = _addresses(run.message, header)
            place = max(at, 0) if isinstance(at, int) else 0
            return part(found[place]) if found and place < len(found) else None

        return read

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name} $({name}[1])\\n");'
    pv.variables_of(name, index=True)(factory)


def _uri_part(part: Callable[[Uri], Value]) -> Callable[[NameAddr], Value]:
    def read(address: NameAddr) -> Value:
        uri = uris.parse(address.uri)
        return None if uri is None else part(uri)

    return read


_PAI, _PPI = "P-Asserted-Identity", "P-Preferred-Identity"
_identity("ai", _PAI, "The URI in P-Asserted-Identity.", lambda address: address.uri)
_identity("pu", _PPI, "The URI in P-Preferred-Identity.", lambda address: address.uri)
_identity("pU", _PPI, "The user in P-Preferred-Identity.", _uri_part(lambda uri: uri.user or None))
_identity("pd", _PPI, "The host in P-Preferred-Identity.", _uri_part(lambda uri: uri.host or None))
_identity("pn", _PPI, "The display name in P-Preferred-Identity, with its quotes.", lambda address: address.display or None)


def _single(name: str, header: str, doc: str, part: Callable[[NameAddr], Value]) -> None:
    """A variable of the first address of a header."""

    def read(run: Run) -> Value:
        body = run.message.value(header)
        if body is None:
            return None
        values = split_list(body)
        address = nameaddr.parse(values[0]) if values else None
        return None if address is None else part(address)

    read.__doc__ = f'{doc}\n\nExample: xlog("${name}\\n");'
    pv.variable(name)(read)


_single("re", "Remote-Party-ID", "The URI in Remote-Party-ID.", lambda address: address.uri)
_single("rt", "Refer-To", "The URI in Refer-To.", lambda address: address.uri)
_single("di", "Diversion", "The URI in Diversion.", lambda address: address.uri)
_single("dir", "Diversion", "The reason in Diversion.", lambda address: address.param("reason") or None)
_single("dip", "Diversion", "The privacy in Diversion.", lambda address: address.param("privacy") or None)
_single("dic", "Diversion", "The counter in Diversion.", lambda address: address.param("counter") or None)
