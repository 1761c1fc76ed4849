"""Digest credentials in Authorization and Proxy-Authorization: `$au`, `$ar` and their like; who is accounted, `$Au`."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.variable import Index
from sroute.modules.pv.module import pv
from sroute.modules.pv.parties import address
from sroute.modules.pv.uri_memory import uri_of
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Value
from sroute.sip import digest
from sroute.sip.digest import Credentials

VERIFIED = "auth.credentials"
"""Where the auth functions leave the credentials that they have looked at, in run.extra."""


def _declare(name: str, doc: str, part: Callable[[Credentials], Value]) -> None:
    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            message = run.message
            if message.method in ("ACK", "CANCEL"):
                return None
            body = message.value("Proxy-Authorization")
            if body is None:
                body = message.value("Authorization")
            if body is None:
                return None
            found = digest.credentials(body)
            if found is None:
                services.diag("ERROR", "failed to parse credentials", "pv", run.at)
                return None
            return part(found)

        return read

    factory.__doc__ = f'{doc} Taken from Proxy-Authorization, else from Authorization.\n\nExample: xlog("${name}\\n");'
    pv.variables_of(name)(factory)


_declare("au", "The user part of the username.", lambda found: found.user)
_declare("ad", "The domain part of the username.", lambda found: found.domain)
_declare("aU", "The whole username.", lambda found: found.username or "")
_declare("ar", "The realm.", lambda found: found.realm or "")
_declare("adu", "The URI of the digest; null without one.", lambda found: found.uri or None)
_declare("aa", "The algorithm.", lambda found: found.algorithm or "")
_declare("adn", "The nonce.", lambda found: found.nonce or "")
_declare("adc", "The nonce of the client.", lambda found: found.cnonce or "")
_declare("adr", "The response.", lambda found: found.response or "")
_declare("ado", "The opaque value.", lambda found: found.opaque or "")


def _account(name: str, doc: str, of_credentials: Callable[[Credentials], str], of_from: Callable[[str, str], str]) -> None:
    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            verified = run.extra.get(VERIFIED)
            if isinstance(verified, Credentials):
                return of_credentials(verified)
            found = address(run, "from", services)
            uri = None if found is None else uri_of(run, found.uri)
            if uri is None:
                if found is not None:
                    services.diag("ERROR", "bad From URI", "pv", run.at)
                return None
            return of_from(uri.user, uri.host)

        return read

    factory.__doc__ = f'{doc}\n\nExample: xlog("${name}\\n");'
    pv.variables_of(name)(factory)


_account(
    "Au",
    "Who is accounted: the username (with `@realm` if it has no domain) of the credentials that were looked at, else `user@host` of From.",
    lambda found: (found.username or "") if found.domain else f"{found.user}@{found.realm or ''}",
    lambda user, host: f"{user}@{host}",
)
_account(
    "AU",
    "Who is accounted: the user of the credentials that were looked at, else that of From.",
    lambda found: found.user,
    lambda user, host: user,
)
