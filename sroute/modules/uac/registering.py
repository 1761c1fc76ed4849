"""Registering: when REGISTERs are sent, and what their replies do."""

import re

from sroute.modules.tm import own
from sroute.modules.tm.transaction import Transaction, is_message
from sroute.modules.uac.authenticating import asked_by
from sroute.modules.uac.challenge import Credential, answer
from sroute.modules.uac.declaration import Uac, find_socket
from sroute.modules.uac.records import Record, State
from sroute.runtime.sockets import Socket
from sroute.sip import contact, nameaddr
from sroute.sip import uri as uris
from sroute.sip.message import Message

METHOD = "REGISTER"
_EARLY = 3
"""A registration is renewed that many seconds, and one timer interval, before it ends."""
_NUMBER = re.compile(r"[ \t]*(\d+)")


def now(state: Uac) -> int:
    """The time in whole seconds."""
    return int(state.instance.clock.now())


def count(state: Uac, name: str, number: int) -> None:
    """Adds to a counter of the module."""
    found = state.instance.counters.get("uac", name)
    assert found is not None
    found.add(number)


def reset(state: Uac, name: str) -> None:
    """A counter of the module is 0 again."""
    found = state.instance.counters.get("uac", name)
    assert found is not None
    found.value = 0


def start(state: Uac) -> None:
    """Looks at the registrations once the instance runs, and then again and again."""
    timers = state.instance.timers
    timers.after(0.0, lambda: _look(state))
    timers.every(float(max(1, state.reg_timer_interval)), lambda: _look(state))


def _look(state: Uac) -> None:
    if state.reg_active:
        for record in state.records:
            _consider(state, record, now(state))


def _consider(state: Uac, record: Record, time: int) -> None:
    """Registers what is due."""
    if not record.expires:
        return
    if record.flags & State.ONGOING:
        if record.timer_expires > time - state.reg_retry_interval:
            return
        record.flags &= ~(State.ONLINE | State.AUTH_SENT)
    if record.timer_expires > time + state.reg_timer_interval + _EARLY or record.flags & State.DISABLED:
        return
    if not record.flags & State.INIT:
        if record.reg_delay > 0 and time < record.reg_init + record.reg_delay:
            return
        record.flags |= State.INIT
    record.timer_expires = time
    send(state, record)


def send(state: Uac, record: Record) -> None:
    """Sends a REGISTER; one that goes on keeps its Call-ID with reg_keep_callid."""
    record.flags = (record.flags | State.ONGOING) & ~(State.AUTH_SENT | State.ONLINE)
    count(state, "regactive", -1)
    request = _request(state, record)
    if state.reg_keep_callid and record.call_id:
        request.call_id, request.cseq, request.from_tag = record.call_id, str(record.cseq + 1), own.new_tag(state.tm)
    if own.send(state.tm, request) is None:
        state.complain(None, f"failed to send request for [{record.l_uuid}]")
        _failed(state, record)


def _request(state: Uac, record: Record) -> own.Request:
    party = f"sip:{record.r_username}@{record.r_domain}"
    made = own.Request(METHOD, f"sip:{record.r_domain}", party, party, next_hop=record.auth_proxy)
    made.headers = f"Contact: <sip:{record.l_uuid}@{record.contact_addr}>\r\nExpires: {record.expires}\r\n"
    made.socket = (find_socket(state.instance, record.socket) if record.socket else None) or state.socket or _last(state, record)
    made.on_done.append(lambda t, code: _answered(state, record.l_uuid, t, code))
    return made


def _last(state: Uac, record: Record) -> Socket | None:
    """The last UDP socket: the process that registers was started behind the workers of that one."""
    uri = uris.parse(record.auth_proxy or f"sip:{record.r_domain}")
    if uri is None or uri.proto not in (None, "udp"):
        return None
    ipv6 = ":" in uri.host
    found = [s for s in state.instance.sockets.listen if s.endpoint.proto == "udp" and s.endpoint.is_ipv6 == ipv6]
    return found[-1] if found else None


def _answered(state: Uac, uuid: str, t: Transaction, code: int) -> None:
    """A final reply, or none in time (408)."""
    record = state.records.find(uuid)
    if record is None:
        return
    reply = t.final if is_message(t.final) else None
    if reply is not None and code in (401, 407):
        if _authenticate(state, record, reply):
            return
        _failed(state, record)
    elif reply is not None and code == 200:
        _registered(state, record, reply)
    elif reply is not None and code == 423:
        _too_brief(record, reply)
    else:
        state.complain(None, f"got sip response {code} while registering [{record.l_uuid}]")
        _failed(state, record)
    count(state, "regactive", 1)


def _failed(state: Uac, record: Record) -> None:
    """Once more later, or never."""
    if state.reg_retry_interval:
        record.timer_expires = now(state) + state.reg_retry_interval
    else:
        record.flags |= State.DISABLED
        count(state, "regdisabled", 1)
    record.flags &= ~(State.ONGOING | State.AUTH_SENT)
    record.call_id = ""


def _registered(state: Uac, record: Record, reply: Message) -> None:
    """A 200: the own Contact in it says how long it holds."""
    headers = reply.all("contact")
    if not headers:
        state.complain(None, "no Contact found")
        _failed(state, record)
        return
    record.flags &= ~(State.ONGOING | State.AUTH_SENT)
    for header in headers:
        parsed = contact.parse(header.body)
        if parsed is None:
            state.complain(None, "failed to parse Contact HF")
            return
        for one in parsed.values:
            uri = uris.parse(one.uri)
            if uri is None:
                state.complain(None, "failed to parse c-uri")
                _failed(state, record)
                return
            if uri.user == record.l_uuid:
                _hold(state, record, reply, one.param("expires"))
                return


def _hold(state: Uac, record: Record, reply: Message, expires: str | None) -> None:
    """Registered for some time."""
    found = _NUMBER.match(expires or reply.value("expires") or "")
    record.timer_expires = now(state) + (int(found[1]) if found is not None else 0)
    record.flags |= State.ONLINE
    if state.reg_keep_callid and reply.cseq is not None:
        record.call_id, record.cseq = reply.call_id or "", int(reply.cseq.number)


def _too_brief(record: Record, reply: Message) -> None:
    """A 423 names the shortest time that is taken."""
    found = _NUMBER.match(reply.value("min-expires") or "")
    if found is not None:
        record.expires = int(found[1])
    record.flags &= ~(State.ONGOING | State.AUTH_SENT)


def _authenticate(state: Uac, record: Record, reply: Message) -> bool:
    """Answers a challenge, once; whether the REGISTER went out again."""
    if record.flags & State.AUTH_SENT:
        state.complain(None, f"authentication failed for <{record.l_uuid}>")
        return False
    asked = asked_by(state, None, reply)
    if asked is None:
        return False
    if record.realm and record.realm != asked.realm:
        state.complain(None, f"realms do not match. requested realm: [{asked.realm}]")
        return False
    sender = nameaddr.parse(reply.value("from") or "")
    if sender is None or reply.cseq is None:
        state.complain(None, "error while parsing From/To headers in the reply")
        return False
    who = Credential(record.auth_username, asked.realm, record.auth_ha1 or record.auth_password, bool(record.auth_ha1))
    request = _request(state, record)
    request.call_id, request.from_tag = reply.call_id or "", sender.tag or ""
    request.cseq = str(int(reply.cseq.number) + 1)
    request.headers += answer(reply.status, asked, who, METHOD, request.uri)
    record.flags |= State.AUTH_SENT
    if own.send(state.tm, request) is None:
        state.complain(None, f"failed to send request with authentication for [{record.l_uuid}]")
        return False
    return True
