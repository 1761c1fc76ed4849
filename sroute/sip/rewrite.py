"""The core's rewriting of the Request-URI: `sethost()`, `setuser()`, `strip()`, `prefix()` and their like.

Each takes the URI as text and gives the new text. Kamailio cuts the URI, replaces a part and writes it again, without looking at
the result: `sethost("")` makes a URI that no longer parses.
"""

import re
from dataclasses import dataclass

from sroute.sip import uri as uris
from sroute.sip.uri import Uri

_TRANSPORT = re.compile(r"transport=[^:]", re.I)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A new URI, or None when it stays as it was; `level` and `note` are what Kamailio logs, if anything."""

    uri: str | None
    level: str = ""
    note: str = ""


def set_host(text: str, host: str) -> Rewrite:
    """`sethost("h")`: the host only."""
    uri = uris.parse(text)
    return _refused(text) if uri is None else _with_host(uri, host, _colon(uri), drop_transport=False)


def set_host_port(text: str, hostport: str) -> Rewrite:
    """`sethostport("h:p")`: host and port; without a port it goes."""
    uri = uris.parse(text)
    return _refused(text) if uri is None else _with_host(uri, hostport, "", drop_transport=False)


def set_host_port_trans(text: str, hostport: str) -> Rewrite:
    """`sethostporttrans("h:p;transport=tcp")`: as `set_host_port`, and the old transport parameter goes."""
    uri = uris.parse(text)
    return _refused(text) if uri is None else _with_host(uri, hostport, "", drop_transport=True)


def set_port(text: str, port: str) -> Rewrite:
    """`setport("5080")`: the port; an empty one removes it. A tel URI is refused."""
    uri = uris.parse(text)
    if uri is None:
        return _refused(text)
    if uri.scheme == "tel" and not uri.phone:
        return Rewrite(None, "ERROR", "port number of a tel: URI cannot be set")
    return _write(uri, uri.user, _password(uri), f":{port}" if port else "")


def set_user(text: str, user: str) -> Rewrite:
    """`setuser("u")`: the user; a password stays unless the user becomes empty."""
    uri = uris.parse(text)
    return _refused(text) if uri is None else _write(uri, user, _password(uri) if user else "", _colon(uri))


def set_user_pass(text: str, userpass: str) -> Rewrite:
    """`setuserpass("u:p")`: user and password."""
    uri = uris.parse(text)
    return _refused(text) if uri is None else _write(uri, userpass, "", _colon(uri))


def prefix(text: str, digits: str) -> Rewrite:
    """`prefix("00")`: in front of the user; makes one where none was."""
    uri = uris.parse(text)
    return _refused(text) if uri is None else _write(uri, digits + uri.user, _password(uri), _colon(uri), always_at=True)


def strip(text: str, count: int) -> Rewrite:
    """`strip(n)`: n characters off the front of the user; n as long as the user or longer removes it, with its password."""
    uri = uris.parse(text)
    if uri is None:
        return _refused(text)
    note = f"too long strip asked; deleting username: {count} of <{uri.user}>"
    return _stripped(uri, uri.user[count:], note if count > len(uri.user) else "")


def strip_tail(text: str, count: int) -> Rewrite:
    """`strip_tail(n)`: n characters off the end of the user; as `strip` otherwise."""
    uri = uris.parse(text)
    if uri is None:
        return _refused(text)
    note = f"too long strip_tail asked;  deleting username: {count} of <{uri.user}>"
    return _stripped(uri, uri.user[: max(0, len(uri.user) - count)], note if count > len(uri.user) else "")


def user_phone(text: str) -> Rewrite:
    """`userphone()`: adds `;user=phone` unless the URI counts as tel already."""
    uri = uris.parse(text)
    if uri is None:
        return _refused(text)
    return Rewrite(None) if uri.scheme == "tel" else _write(uri, uri.user, _password(uri), _colon(uri), tail=";user=phone")


def _refused(text: str) -> Rewrite:
    return Rewrite(None, "ERROR", f"bad uri <{text}>, dropping packet")


def _colon(uri: Uri) -> str:
    return f":{uri.port}" if uri.port or uri.empty_port else ""


def _password(uri: Uri) -> str:
    return f":{uri.password}" if uri.password or uri.empty_password else ""


def _stripped(uri: Uri, user: str, note: str) -> Rewrite:
    return _write(uri, user, _password(uri) if user else "", _colon(uri), note=note)


def _with_host(uri: Uri, host: str, colon: str, *, drop_transport: bool) -> Rewrite:
    tail = ";user=phone" if uri.scheme == "tel" and not uri.phone else ""
    return _write(uri, uri.user, _password(uri), colon, host=host, drop_transport=drop_transport, tail=tail)


def _write(
    uri: Uri,
    user: str,
    password: str,
    colon: str,
    *,
    host: str | None = None,
    drop_transport: bool = False,
    tail: str = "",
    always_at: bool = False,
    note: str = "",
) -> Rewrite:
    """Put the URI together: scheme, user, password, tel parameters, host, port, parameters, headers."""
    level = "WARNING" if note else ""
    envelope = uri.phone or uri.scheme in ("sip", "sips")
    scheme = "sips" if uri.scheme == "sips" else "tel" if uri.scheme == "tel" and not uri.phone and host is None else "sip"
    if uri.scheme == "urn":
        level, note = "ERROR", "Unsupported URI scheme (5), reverted to sip:"
    own = f";{uri.params}" if (uri.params or uri.empty_params) and uri.scheme == "tel" else ""
    address = uri.host if envelope else ""
    if host is not None:
        address = host
    at = "@" if (host is not None or envelope) and (user or always_at) else ""
    params = _params(uri, drop_transport=drop_transport)
    headers = f"?{uri.headers}" if uri.headers or uri.empty_headers else ""
    return Rewrite(f"{scheme}:{user}{password}{own}{at}{address}{colon}{params}{tail}{headers}", level, note)


def _params(uri: Uri, *, drop_transport: bool) -> str:
    if not uri.sip_params:
        return ";" if uri.empty_params and uri.scheme in ("sip", "sips") else ""
    parts = uri.sip_params.split(";")
    if drop_transport:
        known = [n for n, part in enumerate(parts) if _TRANSPORT.match(part)]
        if known:
            del parts[known[-1]]
    return "".join(f";{part}" for part in parts)
