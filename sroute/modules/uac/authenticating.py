"""uac_auth(): answers the challenge of a callee in the name of the script's own accounts."""

from sroute.exports.fixups import INTEGER
from sroute.modules.tm.binding import context
from sroute.modules.tm.transaction import Branch, Faked
from sroute.modules.uac.challenge import Asked, BadChallengeError, Credential, EndlessChallengeError, answer, parse
from sroute.modules.uac.declaration import Uac, uac
from sroute.runtime.run import Run
from sroute.runtime.values import to_str
from sroute.sip.message import Message

HEADERS = {401: "WWW-Authenticate", 407: "Proxy-Authenticate"}
HA1 = 1
ENDLESS = "Kamailio 5.6.3 hangs at a qop that does not begin with auth; sroute takes the challenge for none"


def asked_by(state: Uac, run: Run | None, reply: Message) -> Asked | None:
    """The challenge in a reply; None, with Kamailio's complaints, where there is none to answer."""
    wanted = HEADERS.get(reply.status)
    body = reply.value(wanted.lower()) if wanted is not None else None
    if body is None:
        state.complain(run, "reply is not an auth request" if wanted is None else f"reply has no auth hdr ({wanted})")
        state.complain(run, "failed to extract authenticate hdr")
        return None
    try:
        return parse(body)
    except BadChallengeError as error:
        state.complain(run, str(error))
        state.complain(run, "failed to parse auth hdr body")
    except EndlessChallengeError:
        state.instance.note(ENDLESS, run.at if run is not None else None)
    return None


def _credential(state: Uac, run: Run, realm: str) -> Credential | None:
    """Who one is in a realm: what the variables say, else the parameters."""
    return _from_variables(state, run, realm) or next((known for known in state.credentials if known.realm == realm), None)


def _from_variables(state: Uac, run: Run, realm: str) -> Credential | None:
    if state.auth_reads is None:
        return None
    wanted, user, password = (read(run) for read in state.auth_reads)
    if user is None or user == "" or password is None or password == "":
        return None
    if wanted is not None and wanted not in ("", realm):
        return None
    return Credential(to_str(user), realm, to_str(password), state.sticky_ha1)


def _answer(state: Uac, run: Run, mode: int) -> int:
    here = context(run)
    t = here.transaction
    if t is None:
        return state.complain(run, "no current transaction found", "CRITICAL")
    branch = t.branches[here.index]
    reply = _reply(state, run, branch)
    asked = asked_by(state, run, reply) if reply is not None else None
    if reply is None or asked is None:
        return -1
    who = _credential(state, run, asked.realm)
    if who is None:
        return -1
    if mode & HA1 and not who.ha1:
        who.ha1 = True
        if all(known is not who for known in state.credentials):
            state.sticky_ha1 = True
    _add(run, branch, answer(reply.status, asked, who, run.message.method, branch.uri))
    return 1


def _reply(state: Uac, run: Run, branch: Branch) -> Message | None:
    reply = branch.reply
    if reply is None:
        state.complain(run, "empty reply on picked branch", "CRITICAL")
    elif isinstance(reply, Faked):
        state.complain(run, "cannot process a FAKED reply")
    else:
        return reply
    return None


def _add(run: Run, branch: Branch, line: str) -> None:
    """The request goes to the branch's URI again, with the header at its end."""
    message = run.message
    message.uri = branch.uri
    message.lumps.anchor(message.eoh).add_before(line)


@uac.function("uac_auth")
def uac_auth(state: Uac, run: Run) -> int:
    """In a failure_route: adds credentials that answer the 401 or 407; then relay again. The CSeq stays. -1 where it can't.

    Example: failure_route[AUTH] { if (t_check_status("401|407") && uac_auth()) { t_relay(); exit; } }
    """
    return _answer(state, run, 0)


@uac.function("uac_auth", INTEGER)
@uac.function("uac_auth_mode", INTEGER)
def uac_auth_mode(state: Uac, run: Run, mode: int) -> int:
    """As uac_auth(); with 1 the password is an HA1 (and, in 5.6.3, from then on).

    Example: failure_route[AUTH] { if (uac_auth_mode("1")) { t_relay(); exit; } }
    """
    return _answer(state, run, mode)
