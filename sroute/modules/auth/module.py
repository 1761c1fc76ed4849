"""Parameters, nonces and the check of credentials, shared with the modules that know passwords."""

from dataclasses import dataclass, replace
from typing import Any

from sroute.exports.fixups import FixupError
from sroute.exports.module import InitError, Module
from sroute.modules.auth.nonces import Checks, Nonces, Result, bound_text
from sroute.modules.pv.credentials import VERIFIED
from sroute.runtime.run import Run
from sroute.runtime.services import Services
from sroute.sip import digest
from sroute.sip.digest import Credentials
from sroute.sip.headers import Header
from sroute.sip.message import ReplyLump

WWW, PROXY = "Authorization", "Proxy-Authorization"
SECRET_LENGTH = 32
ALL_CHECKS = 15
CHALLENGE_ATTR = "$avp(digest_challenge)"


@dataclass(frozen=True, slots=True)
class Found:
    """The credentials that an authentication function looked at, the header that holds them, and the realm that was asked for."""

    credentials: Credentials
    header: Header
    realm: str


@dataclass(slots=True)
class Auth:
    """The module's parameters, and the instance it serves."""

    secret: str = ""
    nonce_expire: int = 300
    nonce_auth_max_drift: int = 3
    realm_prefix: str = ""
    algorithm: str = ""
    qop: str = ""
    challenge_attr: str = CHALLENGE_ATTR
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
    protect_contacts: int = 0
    made: Nonces | None = None

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    @property
    def nonces(self) -> Nonces:
        """The nonces of the running instance."""
        assert self.made is not None
        return self.made

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""
        self.instance.diag("ERROR", text, "auth", run.at)

    def nonce(self, run: Run) -> str:
        """A nonce of this moment for a request."""
        return self.nonces.make(int(self.instance.clock.now()), bound_text(run.message, self.checks(run)))

    def checks(self, run: Run) -> Checks:
        """What of a request its nonce is bound to."""
        message = run.message
        if message.method == "REGISTER":
            return Checks(self.auth_checks_register & ALL_CHECKS)
        in_dialog = message.to is not None and bool(message.to.tag)
        return Checks((self.auth_checks_in_dlg if in_dialog else self.auth_checks_no_dlg) & ALL_CHECKS)

    def _check_nonce(self, run: Run, has: Credentials) -> int:
        clock, checks, nonce = self.instance.clock, self.checks(run), has.nonce or ""
        bound = bound_text(run.message, checks) if checks else None
        found = self.nonces.check(nonce, int(clock.now()), int(clock.started), bound)
        if found != Result.OK:
            return found
        if self.nonce_count and has.qop:
            return self.nonces.count(nonce, has.nc or "")
        return self.nonces.use(nonce) if self.one_time_nonce else found

    def bare_realm(self, wanted: str) -> str:
        """A realm without realm_prefix."""
        return wanted.removeprefix(self.realm_prefix) if self.realm_prefix else wanted

    def find(self, run: Run, realm: str, kind: str) -> Found | int:
        """The credentials for a realm in the headers of one kind, verified but for the password.

        OK means that nothing has to be checked (ACK, CANCEL).
        """
        message = run.message
        if message.method in ("ACK", "CANCEL"):
            return Result.OK
        wanted = self.bare_realm(realm)
        for header in message.all(kind):
            if not digest.is_digest(header.body):
                continue
            credentials = digest.credentials(header.body)
            if credentials is None:
                self.complain(run, "Error while looking for credentials")
                return Result.ERROR
            if (credentials.realm or "").lower() == wanted.lower():
                found = Found(credentials, header, wanted)
                accept(run, found)
                return self._verify(run, found)
        return Result.NO_CREDENTIALS

    def _verify(self, run: Run, found: Found) -> Found | int:
        has = found.credentials
        needed = [has.username, has.realm, has.nonce, has.uri, has.response]
        if (has.qop or "").lower() in ("auth", "auth-int"):
            needed += [has.nc, has.cnonce]
        if None in needed:
            self.complain(run, "Credentials are not filled properly")
            return Result.ERROR
        nonce = self._check_nonce(run, has)
        return found if nonce == Result.OK else nonce

    def check(self, run: Run, found: Found, method: str, ha1: str) -> int:
        """Whether the response proves the password behind an HA1."""
        has = found.credentials
        algorithm = self.algorithm or "MD5"
        response = has.response or ""
        if len(response) != len(digest.hashed("", algorithm)):
            return Result.ERROR
        proof = digest.Proof(has.nonce or "", method, has.uri or "", algorithm, has.qop or "", has.nc or "", has.cnonce or "")
        # 5.6.3 never works out the hash of a body: with auth-int no password is right.
        if proof.qop.lower() == "auth-int" or proof.response(ha1) != response:
            return Result.INVALID_PASSWORD
        if self.add_authinfo_hdr:
            run.message.reply_lumps.append(ReplyLump(_info(has, replace(proof, method="").response(ha1))))
        return Result.OK

    def password_check(self, run: Run, found: Found, method: str, password: str) -> int:
        """As check, with a plain password."""
        secret = digest.ha1(found.credentials.username or "", found.realm, password, self.algorithm or "MD5")
        return self.check(run, found, method, secret)


def _info(has: Credentials, proof: str) -> str:
    """The header that tells the client that the server knows the password, too."""
    parts = f'nextnonce="{has.nonce}", qop={has.qop or ""}, rspauth="{proof}", cnonce="{has.cnonce or ""}", nc={has.nc or ""}'
    return f"Authentication-Info: {parts}\r\n"


def accept(run: Run, found: Found) -> None:
    """These are the credentials that is_user() and consume_credentials() mean from now on, whatever their password is."""
    run.extra["auth"] = found
    run.extra[VERIFIED] = found.credentials


def _sized(state: Auth, value: int) -> None:
    """How much memory there is for nonces that are watched; sroute remembers them all."""


auth = Module("auth", Auth, "Digest authentication: challenges, and checks of what comes back.")
auth.setting("secret", "str", doc="What nonces are signed with; a random one when it is not set.")
auth.setting("nonce_expire", "int", doc="Seconds for which a nonce is good (300).")
auth.setting("nonce_auth_max_drift", "int", doc="Seconds by which a nonce may come from the future (3).")
auth.setting("realm_prefix", "str", doc="A prefix that is cut from the realm before it is compared.")
auth.setting("algorithm", "str", doc="The algorithm that challenges name: MD5 or SHA-256 (none is named by default).")
auth.setting("qop", "str", doc="auth or auth-int; no function of 5.6.3 looks at it: flags say which qop a challenge offers.")
auth.setting("challenge_attr", "str", doc="A variable for challenges; no function of 5.6.3 sets it.")
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
auth.setting("protect_contacts", "int", doc="Contacts are part of the nonce (0).")
for _name in ("nid_pool_no", "nc_array_size", "nc_array_order", "otn_in_flight_no", "otn_in_flight_order"):
    auth.param(_name, "int")(_sized)


def _check_attribute(text: str, scope: Any) -> None:
    try:
        scope.names.pv(text)
    except FixupError:
        raise InitError("Invalid value of challenge_attr module parameter") from None


def _init(state: Auth, scope: Any) -> None:
    state.services = scope.services
    if state.algorithm not in ("", "MD5", "SHA-256"):
        raise InitError('Invalid algorithm provided. Possible values are "", "MD5" or "SHA-256"')
    if state.qop.lower() not in ("", "auth", "auth-int"):
        raise InitError("Unsupported qop parameter value")
    if state.challenge_attr != CHALLENGE_ATTR:
        _check_attribute(state.challenge_attr, scope)
    if not state.secret:
        state.secret = "".join(chr(33 + scope.services.random.randrange(94)) for _ in range(SECRET_LENGTH))
    extended = bool(state.auth_checks_register or state.auth_checks_in_dlg or state.auth_checks_no_dlg)
    watched = bool(state.nonce_count or state.one_time_nonce)
    state.made = Nonces(state.secret, state.nonce_expire, state.nonce_auth_max_drift, extended=extended, watched=watched)
    if state.protect_contacts:
        scope.services.note('modparam("auth", "protect_contacts") is not simulated: nonces are made and checked without it')


auth.hooks.init.append(_init)
