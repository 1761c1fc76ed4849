"""Challenges as uac reads them, and the credentials that answer them (Kamailio 5.6.3's own parser, stricter and laxer than auth's)."""

import re
from dataclasses import dataclass
from hashlib import md5

from sroute.runtime.hashing import core_hash

HA1_SIZE = 32
NC = "00000001"
_SCHEME = re.compile(r"[ \t\r\n]*digest[ \t\r\n]+(?=.)", re.I | re.S)
_NAME = re.compile(r"([^\s=]*+)\s*+=\s*+(?=\S)")
_VALUE = re.compile(r'"([^"]*)"|([^\s,"][^\s,]*)')
_GAP = re.compile(r"\s*+(?:,\s*+)?")
"""Between two parameters blanks and a comma may stand, or neither."""
_BARE = frozenset({"algorithm", "stale", "qop"})
"""Parameters whose values may stand without quotes; others that are known may not."""
_KNOWN = frozenset({"realm", "nonce", "opaque"}) | _BARE


class BadChallengeError(Exception):
    """A challenge that can't be used; args[0] is what Kamailio logs."""


class EndlessChallengeError(Exception):
    """A challenge that 5.6.3 never comes back from."""


@dataclass(slots=True)
class Credential:
    """Who one is in a realm; with ha1 the password is one already, and stays that."""

    user: str
    realm: str
    password: str
    ha1: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a challenge asks for; qop is the first one that it offers."""

    realm: str
    nonce: str
    opaque: str = ""
    qop: str = ""


def parse(body: str) -> Asked:
    """Takes the body of WWW-Authenticate or Proxy-Authenticate apart.

    Raises BadChallengeError and EndlessChallengeError.
    """
    scheme = _SCHEME.match(body)
    if scheme is None:
        raise _error(body, 0)
    at, found = scheme.end(), dict[str, str]()
    while at < len(body):
        name = _NAME.match(body, at)
        if name is None:
            raise _error(body, _name_end(body, at))
        known = name[1].lower()
        value = _VALUE.match(body, name.end())
        if value is None or (value[1] is None and known in _KNOWN - _BARE):
            raise _error(body, name.end())
        text = value[1] if value[1] is not None else value[2]
        _check(known, text)
        found[known] = text
        gap = _GAP.match(body, value.end())
        at = gap.end() if gap is not None else value.end()
    if not found.get("realm") or not found.get("nonce"):
        raise BadChallengeError("realm or nonce missing")
    return Asked(found["realm"], found["nonce"], found.get("opaque", ""), found.get("qop", "").partition(",")[0])


def _name_end(body: str, at: int) -> int:
    while at < len(body) and not body[at].isspace() and body[at] != "=":
        at += 1
    return at


def _check(name: str, value: str) -> None:
    if name == "algorithm" and value.lower() != "md5":
        raise BadChallengeError(f'unsupported algorithm "{value}"')
    if name == "stale" and value.lower() not in ("true", "false"):
        raise BadChallengeError(f'unsupported stale value "{value}"')
    if name == "qop" and value and not value.startswith("auth"):
        raise EndlessChallengeError(value)


def _error(body: str, at: int) -> BadChallengeError:
    return BadChallengeError(f"parse error in <{body}> around {at}")


def _hashed(text: str) -> str:
    return md5(text.encode("latin-1"), usedforsecurity=False).hexdigest()


def answer(status: int, asked: Asked, who: Credential, method: str, uri: str) -> str:
    """The header line that answers a 401 or 407."""
    if who.ha1:
        secret = who.password[:HA1_SIZE].ljust(HA1_SIZE, "\0")
    else:
        secret = _hashed(f"{who.user}:{asked.realm}:{who.password}")
    request = _hashed(f"{method}:{uri}")
    cnonce = str(core_hash(asked.nonce))
    middle = f"{asked.nonce}:{NC}:{cnonce}:{asked.qop}" if asked.qop else asked.nonce
    name = "Authorization" if status == 401 else "Proxy-Authorization"
    parts = [f'username="{who.user}"', f'realm="{asked.realm}"', f'nonce="{asked.nonce}"', f'uri="{uri}"']
    if asked.opaque:
        parts.append(f'opaque="{asked.opaque}"')
    if asked.qop:
        parts += ["qop=auth", f"nc={NC}", f'cnonce="{cnonce}"']
    parts += [f'response="{_hashed(f"{secret}:{middle}:{request}")}"', "algorithm=MD5"]
    return f"{name}: Digest {', '.join(parts)}\r\n"
