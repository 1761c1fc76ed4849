"""The functions of auth."""

from typing import Protocol

from sroute.exports.fixups import INTEGER, TARGET, FixupError, Names, PvRef
from sroute.exports.loose import OrAvp
from sroute.exports.variable import Pv
from sroute.modules import sl
from sroute.modules.auth.module import PROXY, WWW, Auth, Found, auth
from sroute.modules.auth.nonces import Result
from sroute.modules.tm.arguments import MAYBE_TEXT, MaybeInt, MaybeText, to_int
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Run
from sroute.runtime.values import to_str
from sroute.sip import digest
from sroute.sip import uri as uris
from sroute.sip.message import ReplyLump
from sroute.sip.uri import Uri
from sroute.syntax.pvparse import leading

QOP_AUTH, QOP_AUTH_INT, STALE = 1, 2, 16
HA1_GIVEN = 1


class NotEmpty(MaybeText):
    """A format that may not be written empty; one that begins with a variable is that variable, which reads as None when it is null."""

    def parse(self, text: str, names: Names) -> "tuple[str | Pv, ...]":
        """The pieces of the format."""
        if not text:
            raise FixupError("an empty parameter is not allowed")
        return names.format(leading(text))


class Realm(NotEmpty):
    """A variable, or a text in which none is looked for."""

    def parse(self, text: str, names: Names) -> "tuple[str | Pv, ...]":
        """The variable or the text."""
        return NotEmpty.parse(self, text, names) if text.startswith("$") or not text else (text,)


class Number(MaybeInt):
    """A number, or a variable that holds one: a variable with a text reads as None."""

    def parse(self, text: str, names: Names) -> int | Pv:
        """A number or a variable."""
        if not text:
            raise FixupError("an empty parameter is not allowed")
        return INTEGER.parse(text, names)


class Complains(Protocol):
    """The state of a module that logs."""

    def complain(self, run: Run, text: str) -> None:
        """What Kamailio logs."""


NOT_EMPTY, REALM, NUMBER = OrAvp(NotEmpty(), to_str), OrAvp(Realm(), to_str), OrAvp(Number(), to_int)
NO_FLAGS, NO_CHECKS = "invalid flags value", "invalid checks value"


def lacks(state: Complains, run: Run, what: str, text: str | None) -> bool:
    """Whether an argument says nothing; Kamailio logs that."""
    if not text:
        state.complain(run, f"failed to get {what} value" if text is None else f"invalid {what} value - empty content")
    return not text


def challenge_text(state: Auth, run: Run, realm: str, flags: int) -> str:
    """The value of a challenge: Digest realm, nonce, qop, stale, algorithm."""
    qop = "auth-int" if flags & QOP_AUTH_INT else "auth" if flags & QOP_AUTH else ""
    parts = [f'realm="{state.bare_realm(realm)}"', f'nonce="{state.nonce(run)}"']
    if qop:
        parts.append(f'qop="{qop}"')
    if flags & STALE:
        parts.append("stale=true")
    if state.algorithm:
        parts.append(f"algorithm={state.algorithm}")
    return "Digest " + ", ".join(parts)


def challenge(state: Auth, run: Run, realm: str, flags: int | None, code: int) -> int:
    """Sends 401 or 407 with a challenge; -1 for an empty realm or no flags (answered with 500), -3 where no reply can be sent."""
    if lacks(state, run, "realm", realm) or flags is None:
        if flags is None and realm:
            state.complain(run, NO_FLAGS)
        _reply(state, run, 500, "Internal Server Error")
        return -1
    name = state.www_challenge_header if code == 401 else state.proxy_challenge_header
    if run.message.method != "ACK":
        run.message.reply_lumps.append(ReplyLump(f"{name}: {challenge_text(state, run, realm, flags)}\r\n"))
    reason = "Unauthorized" if code == 401 else "Proxy Authentication Required"
    return 1 if _reply(state, run, code, reason) > 0 else -3


def _reply(state: Auth, run: Run, code: int, reason: str) -> int:
    replies = state.instance.state("sl")
    assert isinstance(replies, sl.Stateless)
    if state.force_stateless_reply:
        return sl.send(replies, run, code, reason)
    sent: int = sl.send_reply(replies, run, code, reason)
    return sent


@auth.function("www_challenge", REALM, NUMBER)
def www_challenge(state: Auth, run: Run, realm: str, flags: int | None) -> int:
    """Answers 401 with a digest challenge. flags: 1 adds qop auth, 2 qop auth-int, 16 stale.

    Example: www_challenge("$td", "0");
    """
    return challenge(state, run, realm, flags, 401)


@auth.function("proxy_challenge", REALM, NUMBER)
def proxy_challenge(state: Auth, run: Run, realm: str, flags: int | None) -> int:
    """Answers 407 with a digest challenge; flags as in www_challenge().

    Example: proxy_challenge("$fd", "0");
    """
    return challenge(state, run, realm, flags, 407)


@auth.function("auth_challenge", REALM, NUMBER)
def auth_challenge(state: Auth, run: Run, realm: str, flags: int | None) -> int:
    """Answers 401 to a REGISTER and 407 to anything else; nothing to ACK and CANCEL (1).

    Example: auth_challenge("$fd", "0");
    """
    if run.message.method in ("ACK", "CANCEL"):
        return 1
    return challenge(state, run, realm, flags, 401 if run.message.method == "REGISTER" else 407)


@auth.function("auth_get_www_authenticate", REALM, NUMBER, TARGET)
def auth_get_www_authenticate(state: Auth, run: Run, realm: str, flags: int | None, target: PvRef) -> int:
    """Puts the challenge header that www_challenge() would send into a variable.

    Example: auth_get_www_authenticate("example.com", "0", "$var(challenge)");
    """
    if lacks(state, run, "realm", realm):
        return -1
    if flags is None:
        state.complain(run, NO_FLAGS)
        return -1
    text = f"{state.www_challenge_header}: {challenge_text(state, run, realm, flags)}\r\n"
    try:
        target.set(run, text)
    except AssignError:
        return -1
    return 1


def authenticate(state: Auth, run: Run, realm: str, password: str, flags: int | None, kind: str, method: str) -> int:
    """Checks credentials against a password (flags 1: an HA1)."""
    if lacks(state, run, "realm", realm) or lacks(state, run, "password", password):
        return Result.ERROR
    if flags is None:
        state.complain(run, NO_FLAGS)
        return Result.ERROR
    found = state.find(run, realm, kind)
    if not isinstance(found, Found):
        return found
    if (flags or 0) & HA1_GIVEN:
        return state.check(run, found, method, password)
    return state.password_check(run, found, method, password)


@auth.function("pv_www_authorize", NOT_EMPTY, NOT_EMPTY, NUMBER)
@auth.function("pv_www_authenticate", NOT_EMPTY, NOT_EMPTY, NUMBER)
def pv_www_authenticate(state: Auth, run: Run, realm: str, password: str, flags: int | None) -> int:
    """Checks Authorization against a password (flags 1: against an HA1).

    1 ok, -1 error, -2 wrong password, -4 stale nonce, -5 no credentials for the realm.

    Example: if (!pv_www_authenticate("$td", "secret", "0")) { www_challenge("$td", "0"); exit; }
    """
    return authenticate(state, run, realm, password, flags, WWW, run.message.method)


@auth.function("pv_www_authenticate", NOT_EMPTY, NOT_EMPTY, NUMBER, NOT_EMPTY)
def pv_www_authenticate_method(state: Auth, run: Run, realm: str, password: str, flags: int | None, method: str) -> int:
    """As with three arguments, for a digest that was made for another method."""
    if lacks(state, run, "method", method):
        return Result.ERROR
    return authenticate(state, run, realm, password, flags, WWW, method)


@auth.function("pv_proxy_authorize", NOT_EMPTY, NOT_EMPTY, NUMBER)
@auth.function("pv_proxy_authenticate", NOT_EMPTY, NOT_EMPTY, NUMBER)
def pv_proxy_authenticate(state: Auth, run: Run, realm: str, password: str, flags: int | None) -> int:
    """Checks Proxy-Authorization against a password (flags 1: against an HA1); codes as pv_www_authenticate().

    Example: if (!pv_proxy_authenticate("$fd", "secret", "0")) { proxy_challenge("$fd", "0"); exit; }
    """
    return authenticate(state, run, realm, password, flags, PROXY, run.message.method)


@auth.function("pv_auth_check", NOT_EMPTY, NOT_EMPTY, NUMBER, NUMBER)
def pv_auth_check(state: Auth, run: Run, realm: str, password: str, flags: int | None, checks: int | None) -> int:
    """Checks the header that belongs to the method; with checks 1 the user must be that of To (REGISTER) or From, else -8.

    Example: if (!pv_auth_check("$fd", "secret", "0", "1")) { auth_challenge("$fd", "0"); exit; }
    """
    if checks is None:
        state.complain(run, NO_CHECKS)
        return Result.ERROR
    register = run.message.method == "REGISTER"
    code = authenticate(state, run, realm, password, flags, WWW if register else PROXY, run.message.method)
    if code == Result.OK and checks & 1 and run.message.method not in ("ACK", "CANCEL"):
        return user_check(state, run)
    return code


def user_check(state: Auth, run: Run) -> int:
    """Whether the verified user is that of From; in REGISTER and PUBLISH that of To, which is that of From (and in PUBLISH of the URI)."""
    found = run.extra.get("auth")
    assert isinstance(found, Found)
    message = run.message
    sender = uris.parse(message.from_.uri) if message.from_ else None
    to = uris.parse(message.to.uri) if message.to else None
    if message.method not in ("REGISTER", "PUBLISH"):
        to = sender
    if sender is None or to is None:
        return Result.ERROR
    fits = to.user == found.credentials.user and (to is sender or _same(state, sender, to))
    if message.method == "PUBLISH":
        uri = message.parsed_uri
        fits = fits and uri is not None and _same(state, sender, uri)
    return Result.OK if fits else Result.USER_MISMATCH


def _same(state: Auth, one: Uri, other: Uri) -> bool:
    return one.user == other.user and (not state.use_domain or one.host == other.host)


@auth.function("has_credentials", MAYBE_TEXT)
def has_credentials(state: Auth, run: Run, realm: str | None) -> int:
    """True if the request has credentials for a realm, in either header; nothing is verified by that.

    Example: if (has_credentials("example.com")) xlog("it has\\n");
    """
    if realm is None:
        state.complain(run, "failed to get realm value")
        return -1
    for kind in (PROXY, WWW):
        for header in run.message.all(kind):
            found = digest.credentials(header.body) if digest.is_digest(header.body) else None
            if found is not None and (found.realm or "").lower() == realm.lower():
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
