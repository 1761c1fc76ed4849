"""Parameters, nonces and the check of credentials, shared with the modules that know passwords."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from sroute.exports.module import InitError, Module
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import digest
from sroute.sip.digest import Credentials
from sroute.sip.headers import Header

WWW, PROXY = "Authorization", "Proxy-Authorization"
SECRET_LENGTH = 32


class Result(IntEnum):
    """Return codes of the authentication functions."""

    OK = 1
    ERROR = -1
    INVALID_PASSWORD = -2
    USER_UNKNOWN = -3
    STALE_NONCE = -4
    NO_CREDENTIALS = -5
    NONCE_REUSED = -6
    USER_MISMATCH = -8


@dataclass(frozen=True, slots=True)
class Found:
    """The credentials that an authentication function looked at, and the header that holds them."""

    credentials: Credentials
    header: Header


@dataclass(slots=True)
class Auth:
    """The module's parameters, and the instance it serves."""

    secret: str = ""
    nonce_expire: int = 300
    nonce_auth_max_drift: int = 3
    realm_prefix: str = ""
    algorithm: str = ""
    use_domain: int = 0
    force_stateless_reply: int = 0
    www_challenge_header: str = "WWW-Authenticate"
    proxy_challenge_header: str = "Proxy-Authenticate"
    one_time_nonce: int = 0
    nonce_count: int = 0
    add_authinfo_hdr: int = 0
    auth_checks_register: int = 0
    auth_checks_in_dlg: int = 0
    auth_checks_no_dlg: int = 0
    services: Services | None = None
    used: set[str] = field(default_factory=set)

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "auth", run.at)

    def nonce(self) -> str:
        """A nonce of this moment: when it ends, when it began, and an MD5 of both with the secret (base64)."""
        now = int(self.instance.clock.now())
        times = struct.pack(">II", (now + self.nonce_expire) & 0xFFFFFFFF, now & 0xFFFFFFFF)
        return base64.b64encode(times + self._sign(times)).decode("ascii")

    def _sign(self, times: bytes) -> bytes:
        return hashlib.md5(times + self.secret.encode("latin-1"), usedforsecurity=False).digest()

    def check_nonce(self, text: str) -> Result:
        """Whether a nonce is one of ours (ERROR) and in its time (STALE_NONCE)."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            return Result.ERROR
        if len(raw) != SECRET_LENGTH - 8 or self._sign(raw[:8]) != raw[8:]:
            return Result.ERROR
        expires, since = struct.unpack(">II", raw[:8])
        now = int(self.instance.clock.now())
        before_start = since < int(self.instance.clock.started)
        if before_start or now > expires or since > now + self.nonce_auth_max_drift:
            return Result.STALE_NONCE
        return Result.OK

    def same_realm(self, realm: str, wanted: str) -> bool:
        """Whether credentials are for a realm; realm_prefix is cut from the wanted one."""
        prefix = self.realm_prefix
        return realm == (wanted.removeprefix(prefix) if prefix else wanted)

    def find(self, run: Run, realm: str, kind: str) -> Found | Result:
        """The credentials for a realm in the headers of one kind, verified but for the password.

        OK means that nothing has to be checked (ACK, CANCEL).
        """
        message = run.message
        if message.method in ("ACK", "CANCEL"):
            return Result.OK
        for header in message.all(kind):
            if header.body[:6].lower() != "digest":
                continue
            credentials = digest.credentials(header.body)
            if credentials is None:
                self.complain(run, "Error while looking for credentials")
                return Result.ERROR
            if self.same_realm(credentials.realm or "", realm):
                run.extra["auth"] = found = Found(credentials, header)
                return self._verify(run, found)
        return Result.NO_CREDENTIALS

    def _verify(self, run: Run, found: Found) -> Found | Result:
        has = found.credentials
        if not (has.username and has.realm and has.nonce and has.uri and has.response):
            self.complain(run, "Credentials are not filled properly")
            return Result.ERROR
        nonce = self.check_nonce(has.nonce)
        return found if nonce == Result.OK else nonce

    def check(self, run: Run, found: Found, method: str, ha1: str) -> Result:
        """Whether the response proves the password behind an HA1."""
        has = found.credentials
        if self.one_time_nonce and has.nonce in self.used:
            return Result.NONCE_REUSED
        proof = digest.Proof(
            has.nonce or "",
            method,
            has.uri or "",
            has.algorithm or self.algorithm or "MD5",
            has.qop or "",
            has.nc or "",
            has.cnonce or "",
            run.message.body or "",
        )
        if proof.response(ha1) != (has.response or "").lower():
            return Result.INVALID_PASSWORD
        if self.one_time_nonce and has.nonce:
            self.used.add(has.nonce)
        return Result.OK

    def password_check(self, run: Run, found: Found, method: str, password: str) -> Result:
        """As check, with a plain password."""
        has = found.credentials
        secret = digest.ha1(has.username or "", has.realm or "", password, self.algorithm or "MD5")
        return self.check(run, found, method, secret)


auth = Module("auth", Auth, "Digest authentication: challenges, and checks of what comes back.")
auth.setting("secret", "str", doc="What nonces are signed with; a random one when it is not set.")
auth.setting("nonce_expire", "int", doc="Seconds for which a nonce is good (300).")
auth.setting("nonce_auth_max_drift", "int", doc="Seconds by which a nonce may come from the future (3).")
auth.setting("realm_prefix", "str", doc="A prefix that is cut from the realm before it is compared.")
auth.setting("algorithm", "str", doc="The algorithm that challenges name: MD5 or SHA-256 (none is named by default).")
auth.setting("use_domain", "int", doc="Compare the domain too in pv_auth_check() with checks (0).")
auth.setting("force_stateless_reply", "int", doc="Send challenges without a transaction even where there is one (0).")
auth.setting("www_challenge_header", "str", doc="The name of the challenge header of www_challenge().")
auth.setting("proxy_challenge_header", "str", doc="The name of the challenge header of proxy_challenge().")
auth.setting("one_time_nonce", "int", doc="Take each nonce once only (0).")
auth.setting("nonce_count", "int", doc="Check the nonce counter nc (0).")
auth.setting("add_authinfo_hdr", "int", doc="Add Authentication-Info to replies (0).")
auth.setting("auth_checks_register", "int", doc="What of a REGISTER is part of its nonce (0).")
auth.setting("auth_checks_in_dlg", "int", doc="What of a request in a dialog is part of its nonce (0).")
auth.setting("auth_checks_no_dlg", "int", doc="What of other requests is part of their nonce (0).")
NOT_SIMULATED = ("nonce_count", "add_authinfo_hdr", "auth_checks_register", "auth_checks_in_dlg", "auth_checks_no_dlg")


def _init(state: Auth, scope: Any) -> None:
    state.services = scope.services
    if state.algorithm and not digest.known(state.algorithm):
        raise InitError(f'algorithm "{state.algorithm}" is not known')
    if not state.secret:
        state.secret = "".join(chr(33 + scope.services.random.randrange(94)) for _ in range(SECRET_LENGTH))
    for name in NOT_SIMULATED:
        if getattr(state, name):
            scope.services.note(f'modparam("auth", "{name}") is not simulated: nonces are made and checked without it')


auth.hooks.init.append(_init)
