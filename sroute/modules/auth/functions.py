"""The functions of auth."""

from sroute.exports.fixups import FORMAT, INTEGER, TARGET, FixupError, Names, PvRef
from sroute.exports.variable import Pv
from sroute.modules import sl
from sroute.modules.auth.module import PROXY, WWW, Auth, Found, Result, auth
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Run
from sroute.sip import digest
from sroute.sip import uri as uris
from sroute.sip.message import ReplyLump

QOP_AUTH, QOP_AUTH_INT, STALE = 1, 2, 16
HA1_GIVEN = 1


class NotEmpty:
    """A format that may not be written empty."""

    form = "format"

    def parse(self, text: str, names: Names) -> "tuple[str | Pv, ...]":
        """The pieces of the format."""
        if not text:
            raise FixupError("an empty parameter is not allowed")
        return names.format(text)

    bind = FORMAT.bind


REALM = NotEmpty()
FLAGS = INTEGER


def challenge_text(state: Auth, realm: str, flags: int) -> str:
    """The value of a challenge: Digest realm, nonce, qop, stale, algorithm."""
    qop = "auth-int" if flags & QOP_AUTH_INT else "auth" if flags & QOP_AUTH else ""
    parts = [f'realm="{realm}"', f'nonce="{state.nonce()}"']
    if qop:
        parts.append(f'qop="{qop}"')
    if flags & STALE:
        parts.append("stale=true")
    if state.algorithm:
        parts.append(f"algorithm={state.algorithm}")
    return "Digest " + ", ".join(parts)


def challenge(state: Auth, run: Run, realm: str, flags: int, code: int) -> int:
    """Sends 401 or 407 with a challenge; -1 for an empty realm (answered with 500), -3 where no reply can be sent."""
    if not realm:
        state.complain(run, "invalid realm value - empty content")
        _reply(state, run, 500, "Internal Server Error")
        return -1
    name = state.www_challenge_header if code == 401 else state.proxy_challenge_header
    if run.message.method != "ACK":
        run.message.reply_lumps.append(ReplyLump(f"{name}: {challenge_text(state, realm, flags)}\r\n"))
    reason = "Unauthorized" if code == 401 else "Proxy Authentication Required"
    return 1 if _reply(state, run, code, reason) > 0 else -3


def _reply(state: Auth, run: Run, code: int, reason: str) -> int:
    replies = state.instance.state("sl")
    assert isinstance(replies, sl.Stateless)
    if state.force_stateless_reply:
        return sl.send(replies, run, code, reason)
    sent: int = sl.send_reply(replies, run, code, reason)
    return sent


@auth.function("www_challenge", REALM, FLAGS)
def www_challenge(state: Auth, run: Run, realm: str, flags: int) -> int:
    """Answers 401 with a digest challenge. flags: 1 adds qop auth, 2 qop auth-int, 16 stale.

    Example: www_challenge("$td", "0");
    """
    return challenge(state, run, realm, flags, 401)


@auth.function("proxy_challenge", REALM, FLAGS)
def proxy_challenge(state: Auth, run: Run, realm: str, flags: int) -> int:
    """Answers 407 with a digest challenge; flags as in www_challenge().

    Example: proxy_challenge("$fd", "0");
    """
    return challenge(state, run, realm, flags, 407)


@auth.function("auth_challenge", REALM, FLAGS)
def auth_challenge(state: Auth, run: Run, realm: str, flags: int) -> int:
    """Answers 401 to a REGISTER and 407 to anything else; nothing to ACK and CANCEL (1).

    Example: auth_challenge("$fd", "0");
    """
    if run.message.method in ("ACK", "CANCEL"):
        return 1
    return challenge(state, run, realm, flags, 401 if run.message.method == "REGISTER" else 407)


@auth.function("auth_get_www_authenticate", REALM, FLAGS, TARGET)
def auth_get_www_authenticate(state: Auth, run: Run, realm: str, flags: int, target: PvRef) -> int:
    """Puts the challenge header that www_challenge() would send into a variable.

    Example: auth_get_www_authenticate("example.com", "0", "$var(challenge)");
    """
    text = f"{state.www_challenge_header}: {challenge_text(state, realm, flags)}\r\n"
    try:
        target.set(run, text)
    except AssignError:
        return -1
    return 1


def authenticate(state: Auth, run: Run, realm: str, password: str, flags: int, kind: str, method: str) -> int:
    """Checks credentials against a password (flags 1: an HA1)."""
    if not password:
        state.complain(run, "invalid password value - empty content")
        return Result.ERROR
    found = state.find(run, realm, kind)
    if not isinstance(found, Found):
        return found
    if flags & HA1_GIVEN:
        return state.check(run, found, method, password)
    return state.password_check(run, found, method, password)


@auth.function("pv_www_authorize", FORMAT, FORMAT, FLAGS)
@auth.function("pv_www_authenticate", FORMAT, FORMAT, FLAGS)
def pv_www_authenticate(state: Auth, run: Run, realm: str, password: str, flags: int) -> int:
    """Checks Authorization against a password (flags 1: against an HA1).

    1 ok, -1 error, -2 wrong password, -4 stale nonce, -5 no credentials for the realm.

    Example: if (!pv_www_authenticate("$td", "secret", "0")) { www_challenge("$td", "0"); exit; }
    """
    return authenticate(state, run, realm, password, flags, WWW, run.message.method)


@auth.function("pv_www_authenticate", FORMAT, FORMAT, FLAGS, FORMAT)
def pv_www_authenticate_method(state: Auth, run: Run, realm: str, password: str, flags: int, method: str) -> int:
    """As with three arguments, for a digest that was made for another method."""
    return authenticate(state, run, realm, password, flags, WWW, method)


@auth.function("pv_proxy_authorize", FORMAT, FORMAT, FLAGS)
@auth.function("pv_proxy_authenticate", FORMAT, FORMAT, FLAGS)
def pv_proxy_authenticate(state: Auth, run: Run, realm: str, password: str, flags: int) -> int:
    """Checks Proxy-Authorization against a password (flags 1: against an HA1); codes as pv_www_authenticate().

    Example: if (!pv_proxy_authenticate("$fd", "secret", "0")) { proxy_challenge("$fd", "0"); exit; }
    """
    return authenticate(state, run, realm, password, flags, PROXY, run.message.method)


@auth.function("pv_auth_check", FORMAT, FORMAT, FLAGS, INTEGER)
def pv_auth_check(state: Auth, run: Run, realm: str, password: str, flags: int, checks: int) -> int:
    """Checks the header that belongs to the method; with checks 1 the user must be that of To (REGISTER) or From, else -8.

    Example: if (!pv_auth_check("$fd", "secret", "0", "1")) { auth_challenge("$fd", "0"); exit; }
    """
    register = run.message.method == "REGISTER"
    code = authenticate(state, run, realm, password, flags, WWW if register else PROXY, run.message.method)
    if code == Result.OK and checks & 1 and run.message.method not in ("ACK", "CANCEL"):
        return Result.OK if user_fits(state, run) else Result.USER_MISMATCH
    return code


def user_fits(state: Auth, run: Run) -> bool:
    """Whether the verified user is the one of To (REGISTER) or From (any other method)."""
    found = run.extra.get("auth")
    assert isinstance(found, Found)
    message = run.message
    address = message.to if message.method == "REGISTER" else message.from_
    uri = uris.parse(address.uri) if address else None
    user, domain = found.credentials.user, found.credentials.domain
    return uri is not None and uri.user == user and (not state.use_domain or uri.host == domain)


@auth.function("has_credentials", FORMAT)
def has_credentials(state: Auth, run: Run, realm: str) -> int:
    """True if the request has credentials for a realm, in either header.

    Example: if (has_credentials("example.com")) xlog("it has\\n");
    """
    for kind in (PROXY, WWW):
        for header in run.message.all(kind):
            found = digest.credentials(header.body) if header.body[:6].lower() == "digest" else None
            if found is not None and state.same_realm(found.realm or "", realm):
                run.extra["auth"] = Found(found, header)
                return 1
    return -1


@auth.function("consume_credentials")
def consume_credentials(state: Auth, run: Run) -> int:
    """Removes the credentials that were checked from the message that is sent on; -1 when none were."""
    found = run.extra.get("auth")
    if not isinstance(found, Found):
        if run.message.method not in ("ACK", "CANCEL"):
            state.complain(run, "No authorized credentials found (error in scripts)")
        return -1
    header = found.header
    run.message.lumps.delete(header.start, header.end - header.start, header.kind)
    return 1

