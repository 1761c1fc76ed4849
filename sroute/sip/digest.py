"""Digest authentication: credentials and challenges in headers, and the response that proves a password."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

_SCHEME = re.compile(r"[ \t\r\n]*digest[ \t\r\n,][ \t\r\n]*", re.I)
_PARAM = re.compile(r'([^=]*)=[ \t\r\n]*(?:"([^"]*)"|([^ \t\r\n,"][^ \t\r\n,]*))[^,]*(,[ \t\r\n]*)?')
_CREDENTIALS = ("username", "realm", "nonce", "uri", "response", "cnonce", "opaque", "qop", "nc", "algorithm")
_ALGORITHMS: dict[str, Callable[[bytes], "hashlib._Hash"]] = {
    "md5": hashlib.md5,
    "sha-256": hashlib.sha256,
    "sha-512": hashlib.sha512,
    "sha-512-256": lambda data: hashlib.new("sha512_256", data),
}


class Credentials(NamedTuple):
    """The parameters of Authorization or Proxy-Authorization; None for one that is not there."""

    username: str | None
    realm: str | None
    nonce: str | None
    uri: str | None
    response: str | None
    cnonce: str | None
    opaque: str | None
    qop: str | None
    nc: str | None
    algorithm: str | None

    @property
    def user(self) -> str:
        """The user part of the username: without `sip:` in front and `@domain` behind."""
        return _split(self.username or "")[0]

    @property
    def domain(self) -> str:
        """What stands behind `@` in the username."""
        return _split(self.username or "")[1]


def _split(username: str) -> tuple[str, str]:
    if len(username) <= 2:
        return username, ""
    user, _, domain = username.partition("@")
    return user.partition(":")[2] if ":" in user else user, domain


@dataclass(frozen=True, slots=True)
class Challenge:
    """What WWW-Authenticate or Proxy-Authenticate asks for."""

    realm: str
    nonce: str
    algorithm: str = ""
    qop: str = ""
    opaque: str = ""
    stale: bool = False

    def qop_offered(self, name: str) -> bool:
        """Whether a quality of protection (`auth`, `auth-int`) is among those offered."""
        return name in [offered.strip(" \t").lower() for offered in self.qop.split(",")]


def _params(body: str) -> dict[str, str] | None:
    """The parameters of a Digest header, names in lower case; None for another scheme or a bad list."""
    scheme = _SCHEME.match(body)
    if scheme is None:
        return None
    at, found = scheme.end(), dict[str, str]()
    while at < len(body):
        param = _PARAM.match(body, at)
        if param is None:
            return None
        name, quoted, token, comma = param.groups()
        found[name.strip(" \t\r\n").lower()] = quoted if quoted is not None else token
        at = param.end()
        if comma is not None and at == len(body):
            return None
    return found or None


def is_digest(body: str) -> bool:
    """Whether a header body is of the Digest scheme."""
    return _SCHEME.match(body) is not None


def credentials(body: str) -> Credentials | None:
    """The credentials in a header body; None for another scheme or a list that Kamailio refuses."""
    found = _params(body)
    return Credentials(*(found.get(name) for name in _CREDENTIALS)) if found is not None else None


def challenge(body: str) -> Challenge | None:
    """The challenge in a header body; None for another scheme or without realm and nonce."""
    found = _params(body)
    if found is None or "realm" not in found or "nonce" not in found:
        return None
    stale = found.get("stale", "").lower() == "true"
    return Challenge(found["realm"], found["nonce"], found.get("algorithm", ""), found.get("qop", ""), found.get("opaque", ""), stale)


def known(algorithm: str) -> bool:
    """Whether responses with an algorithm can be worked out (MD5, SHA-256, SHA-512, SHA-512-256, each with `-sess`)."""
    return (algorithm or "md5").lower().removesuffix("-sess") in _ALGORITHMS


def hashed(text: str, algorithm: str = "MD5") -> str:
    """The hash of a text in hexadecimal; `-sess` makes no difference here."""
    make = _ALGORITHMS[(algorithm or "md5").lower().removesuffix("-sess")]
    return make(text.encode("latin-1", "replace")).hexdigest()


def ha1(user: str, realm: str, password: str, algorithm: str = "MD5") -> str:
    """The hash of user, realm and password: what a subscriber table keeps instead of the password."""
    return hashed(f"{user}:{realm}:{password}", algorithm)


@dataclass(frozen=True, slots=True)
class Proof:
    """All that a response is made of but the secret; `body` counts with `auth-int` only."""

    nonce: str
    method: str
    uri: str
    algorithm: str = "MD5"
    qop: str = ""
    nc: str = ""
    cnonce: str = ""
    body: str = ""

    def response(self, secret: str) -> str:
        """The response for an `ha1`."""
        algorithm, lower = self.algorithm or "MD5", (self.algorithm or "").lower()
        if lower.endswith("-sess"):
            secret = hashed(f"{secret}:{self.nonce}:{self.cnonce}", algorithm)
        entity = f":{hashed(self.body, algorithm)}" if self.qop.lower() == "auth-int" else ""
        request = hashed(f"{self.method}:{self.uri}{entity}", algorithm)
        middle = f"{self.nonce}:{self.nc}:{self.cnonce}:{self.qop}" if self.qop else self.nonce
        return hashed(f"{secret}:{middle}:{request}", algorithm)


def answer(asked: Challenge, user: str, password: str, proof: Proof) -> str:
    """The body of an Authorization header that answers a challenge; nonce and algorithm come from it, the rest from the proof."""
    full = Proof(asked.nonce, proof.method, proof.uri, asked.algorithm, proof.qop, proof.nc, proof.cnonce, proof.body)
    response = full.response(ha1(user, asked.realm, password, asked.algorithm))
    parts = [f'username="{user}"', f'realm="{asked.realm}"', f'nonce="{asked.nonce}"', f'uri="{proof.uri}"', f'response="{response}"']
    if asked.algorithm:
        parts.append(f"algorithm={asked.algorithm}")
    if proof.qop:
        parts += [f"qop={proof.qop}", f"nc={proof.nc}", f'cnonce="{proof.cnonce}"']
    if asked.opaque:
        parts.append(f'opaque="{asked.opaque}"')
    return "Digest " + ", ".join(parts)
