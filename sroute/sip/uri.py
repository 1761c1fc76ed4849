"""SIP, SIPS, TEL and URN addresses, cut as Kamailio's parse_uri cuts them."""

import re
from dataclasses import dataclass, replace

_PLAIN = re.compile(r"(?i:(sips?):)(?:([^@:;?\[\]]++)@)?([A-Za-z0-9][A-Za-z0-9.\-]*+)(?::(\d{1,5}+))?\Z")
_USER_END = re.compile(r"[@:;?\[\]]")
_PASSWORD_END = re.compile(r"[@;?\[\]:]")
_HOST = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9.\-]*+|\[[^\[\]&@;?]*+\])(?=[:;?]|\Z)")
_HOST6 = re.compile(r"\[[^\[\]&@;?]*+\](?=[:;?]|\Z)")
_PORT = re.compile(r"\d*+(?=[;?]|\Z)")
_TAIL_MARK = re.compile(r"[@;?:]")
_SCHEMES = {"sip:": "sip", "sips": "sips", "tel:": "tel", "urn:": "urn"}
_PROTOCOLS = frozenset({"udp", "tcp", "tls", "sctp", "ws"})
_UNFINISHED = frozenset({"ma", "mad", "madd", "maddr", "maddr="})
"""What a URI may not end with: 5.6.3 forgot these states of its parser at the end of the text."""


@dataclass(frozen=True, slots=True)
class Uri:
    """The parts of a URI; a part that is not there is `""`.

    `scheme` is what the address counts as: `tel` for a SIP URI with `user=phone`, whose user then ends before its own
    parameters (`params`), while `sip_params` keeps those of the envelope.
    """

    text: str
    scheme: str
    user: str
    password: str
    host: str
    port: str
    params: str
    headers: str
    sip_params: str
    phone: bool = False
    empty_port: bool = False
    """A colon with no port behind it (`sip:h:`): it survives a rewriting."""
    empty_password: bool = False
    """A colon with no password behind it (`sip:bob:@h`)."""
    empty_params: bool = False
    """A semicolon with nothing behind it (`sip:h;`); in a phone URI, behind the number."""
    empty_headers: bool = False
    """A question mark with nothing behind it (`sip:h?`)."""

    @property
    def written_scheme(self) -> str:
        """The scheme as it stands in the text (`SIP`)."""
        return self.text[: self.text.index(":")]

    @property
    def port_number(self) -> int:
        """The port, 0 when none is written."""
        return int(self.port) if self.port else 0

    def _known(self) -> list[str]:
        """The parameters among which Kamailio looks for those it knows: the envelope's in a SIP URI, its own in a tel URI."""
        text = self.sip_params or ("" if self.phone else self.params)
        return text.split(";") if text else []

    def param(self, name: str) -> str | None:
        """The value of one of the parameters that Kamailio knows (`transport`, `ttl`, `maddr`, `user`, `method`, `lr`, `r2`, `gr`).

        None when it is not there; all but the last three need a value to count. The last one written wins.
        """
        found = None
        bare = name in ("lr", "r2", "gr")
        for part in self._known():
            key, _, value = part.partition("=")
            if key.lower() == name and (value or (bare and found is None)) and not value.startswith(":"):
                found = value
        return found

    @property
    def transport(self) -> str:
        """The value of the transport parameter as written, `""` without one."""
        return self.param("transport") or ""

    @property
    def proto(self) -> str | None:
        """The protocol that the transport parameter names (udp, tcp, tls, sctp, ws); None without a known one."""
        found = None
        for part in self._known():
            key, _, value = part.partition("=")
            if key.lower() == "transport" and value.lower() in _PROTOCOLS:
                found = value.lower()
        return found

    @property
    def lr(self) -> bool:
        """Whether the URI asks for loose routing."""
        return self.param("lr") is not None


def parse(text: str) -> Uri | None:
    """The parts of a URI, or None when Kamailio's parser refuses it."""
    plain = _PLAIN.match(text)
    if plain is not None and (plain[4] is None or int(plain[4]) <= 65535):
        scheme, user, host, port = plain.groups("")
        return Uri(text, scheme.lower(), user, "", host, port, "", "", "")
    if len(text) < 5:
        return None
    scheme = _SCHEMES.get(text[:4].lower(), "")
    if not scheme or (scheme == "sips" and text[4] != ":"):
        return None
    return _finish(_Cutter(text, scheme, 5 if scheme == "sips" else 4))


def _finish(cutter: "_Cutter") -> Uri | None:
    if not cutter.run() or len(cutter.port) > 5 or int(cutter.port or 0) > 65535:
        return None
    if cutter.host.startswith("@") and cutter.scheme != "tel":
        return None
    if not cutter.headers and not cutter.empty_headers and cutter.params.rpartition(";")[2].lower() in _UNFINISHED:
        return None
    scheme, params = cutter.scheme, cutter.params
    uri = Uri(
        cutter.text,
        scheme,
        cutter.user,
        cutter.password,
        cutter.host,
        cutter.port,
        params,
        cutter.headers,
        params if scheme in ("sip", "sips") else "",
        empty_port=cutter.empty_port,
        empty_password=cutter.empty_password,
        empty_params=cutter.empty_params,
        empty_headers=cutter.empty_headers,
    )
    if scheme == "tel":
        return replace(uri, user=uri.host, host="")
    if "=phone" in uri.sip_params and uri.param("user") == "phone":
        number, semicolon, own = uri.user.partition(";")
        if semicolon and not number:
            return None
        return replace(uri, scheme="tel", user=number, params=own, phone=True, empty_params=bool(semicolon) and not own)
    return uri


class _Cutter:
    """One pass over a URI. What looks like host, parameters or headers may turn out to be the user at a later `@`."""

    __slots__ = (
        "at",
        "empty_headers",
        "empty_params",
        "empty_password",
        "empty_port",
        "found_user",
        "headers",
        "host",
        "params",
        "password",
        "port",
        "scheme",
        "text",
        "user",
    )

    def __init__(self, text: str, scheme: str, at: int) -> None:
        self.text = text
        self.scheme = scheme
        self.at = at
        self.user = self.password = self.host = self.port = self.params = self.headers = ""
        self.found_user = self.empty_port = self.empty_password = self.empty_params = self.empty_headers = False

    def run(self) -> bool:
        """Cut the whole text; False when it is no URI."""
        text, at = self.text, self.at
        if at >= len(text) or text[at] in "]:":
            return False
        if text[at] == "[":
            return self._host(_HOST6, at)
        mark = _USER_END.search(text, at + 1)
        if mark is None:
            self.host = text[at:]
            return True
        name, where, char = text[at : mark.start()], mark.start(), mark[0]
        if char == "@":
            self.user, self.found_user = name, True
            return self._host(_HOST, where + 1)
        if char == ":":
            return self._password(name, where + 1)
        if char in "[]":
            return False
        self.host = name
        return self._tail(char, where + 1)

    def _password(self, name: str, at: int) -> bool:
        """Behind the first colon: a password if an `@` follows, else the port."""
        text = self.text
        mark = _PASSWORD_END.search(text, at)
        stop = mark.start() if mark else len(text)
        value, char = text[at:stop], mark[0] if mark else ""
        if char == "@":
            self.user, self.password, self.found_user = name, value, True
            self.empty_password = not value
            return self._host(_HOST, stop + 1)
        if char and char not in ";?":
            return False
        if value and not (value.isascii() and value.isdigit()):
            if char or self.scheme != "urn":
                return False
            self.user, self.host = name, value
            return True
        self.host, self.port, self.found_user = name, value, True
        self.empty_port = not value
        return self._tail(char, stop + 1)

    def _host(self, pattern: re.Pattern[str], at: int) -> bool:
        text = self.text
        match = pattern.match(text, at)
        if match is None:
            return False
        self.host, stop = match[0], match.end()
        if text[stop : stop + 1] == ":":
            port = _PORT.match(text, stop + 1)
            if port is None:
                return False
            self.port, stop = port[0], port.end()
            self.empty_port = not self.port
        return self._tail(text[stop : stop + 1], stop + 1)

    def _tail(self, char: str, at: int) -> bool:
        """Parameters (char `;`) or headers (`?`) from an offset on; a later `@` makes all before it the user."""
        if not char:
            return True
        text, found_user, bad = self.text, self.found_user, False
        in_headers, start, colon = char == "?", at, -1
        for mark in _TAIL_MARK.finditer(text, at):
            char, where = mark[0], mark.start()
            if char == "@":
                return not found_user and self._restart(colon, where)
            if char == ":":
                if not found_user:
                    found_user, colon = (True, -1) if colon >= 0 else (False, where)
                continue
            if char == ";" and in_headers:
                if found_user or colon >= 0:
                    return False
                bad = True
                continue
            if colon >= 0:
                found_user, colon = True, -1
            if char == "?" and not in_headers:
                self.params, in_headers, start = text[start:where], True, where + 1
                self.empty_params = not self.params
        if in_headers:
            self.headers = text[start:]
            self.empty_headers = not self.headers
        else:
            self.params = text[start:]
            self.empty_params = not self.params
        return not bad

    def _restart(self, colon: int, where: int) -> bool:
        text, begin = self.text, self.at
        self.user = text[begin : colon if colon >= 0 else where]
        self.password = text[colon + 1 : where] if colon >= 0 else ""
        self.port = self.params = ""
        self.empty_port = self.empty_params = self.empty_headers = False
        self.empty_password = colon >= 0 and not self.password
        self.found_user = True
        return self._host(_HOST, where + 1)
