"""`$uac_req(...)` and uac_req_send(): the script sends requests of its own, and hears of their replies."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sroute.exports.fixups import Constant, FixupError, Names, Scope
from sroute.exports.variable import Index
from sroute.modules.tm import own
from sroute.modules.tm.transaction import Transaction, is_message
from sroute.modules.uac.authenticating import asked_by
from sroute.modules.uac.challenge import Credential, answer
from sroute.modules.uac.declaration import Uac, find_socket, uac
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Process, Read, Run, Write
from sroute.runtime.values import Value
from sroute.sip import nameaddr
from sroute.sip.message import Message

EVENT = "uac:reply"
EACH, FAILURES = 1, 2
REPLY, TIMEOUT = 1, 2
_KEY = "uac.request"
_LIMITS = {
    "method": 32, "ruri": 1024, "turi": 1024, "furi": 1024, "ouri": 1024, "sock": 1024, "hdrs": 2048, "body": 32768, "auser": 128,
    "apasswd": 64, "callid": 128, "evparam": 128,
}  # fmt: skip
"""Texts and the size that none of them may reach."""
_NUMBERS = frozenset({"evroute", "evcode", "evtype", "flags"})
_KEPT = frozenset({"auser", "apasswd", "sock", "flags"})
"""What `$uac_req(all) = $null` leaves alone."""
_TYPE_ERRORS = {"auser": "Invalid auth user type", "apasswd": "Invalid auth password type", "sock": "Invalid socket pv type"}


@dataclass(slots=True)
class Request:
    """What the script has put into `$uac_req(...)`, in one process."""

    method: str = ""
    ruri: str = ""
    furi: str = ""
    turi: str = ""
    ouri: str = ""
    hdrs: str = ""
    body: str = ""
    sock: str = ""
    auser: str = ""
    apasswd: str = ""
    callid: str = ""
    evparam: str = ""
    evroute: int = 0
    evcode: int = 0
    evtype: int = 0
    flags: int = 0

    def clear(self) -> None:
        """Forgets all but credentials, socket and flags."""
        for name in _LIMITS.keys() - _KEPT:
            setattr(self, name, "")
        self.evroute = self.evcode = self.evtype = 0


def request_of(process: Process) -> Request:
    """The request that a process is making up."""
    found = process.module_state.get(_KEY)
    if not isinstance(found, Request):
        found = process.module_state[_KEY] = Request()
    return found


class Field:
    """A part of the request."""

    form = "part"

    def parse(self, text: str, names: Names) -> str:
        """One of the known names."""
        if text != "all" and text not in _LIMITS and text not in _NUMBERS:
            raise FixupError(f"unknown uac_req name {text}")
        return text

    def bind(self, parsed: str, scope: Scope) -> Constant[str]:
        """The name."""
        return Constant(parsed)


@uac.variables_of("uac_req", inner=Field())
def uac_req(scope: Scope, inner: Constant[str], index: Index) -> Read:
    """The request that uac_req_send() sends: method, ruri, furi, turi, ouri (next hop), hdrs, body, callid, sock; auser and apasswd
    answer a challenge (flags 1: apasswd is an HA1); evroute 1 runs event_route[uac:reply] for each final reply, 2 for failures only,
    with evparam handed on, and evcode and evtype (1 a reply, 2 none in time) told. Empty parts are null; `$uac_req(all) = $null`
    clears.

    Example: $uac_req(method) = "OPTIONS"; $uac_req(ruri) = "sip:10.0.0.1"; uac_req_send();
    """
    name = inner.value
    if name == "all":
        return lambda run: 0

    def read(run: Run) -> Value:
        value: Value = getattr(request_of(run.process), name)
        return None if value == "" else value

    return read


@uac_req.writer
def set_uac_req(scope: Scope, inner: Constant[str], index: Index) -> Write:
    """Changes a part; null clears it."""
    name = inner.value
    if name == "all":
        return _clear
    return _number_writer(name) if name in _NUMBERS else _text_writer(name, _LIMITS[name])


def _clear(run: Run, value: Value) -> None:
    if value is None:
        request_of(run.process).clear()


def _number_writer(name: str) -> Write:
    def write(run: Run, value: Value) -> None:
        if isinstance(value, str):
            raise AssignError("Invalid value type")
        setattr(request_of(run.process), name, value or 0)

    return write


def _text_writer(name: str, limit: int) -> Write:
    def write(run: Run, value: Value) -> None:
        if isinstance(value, int):
            raise AssignError(_TYPE_ERRORS.get(name, "Invalid value type"))
        if value is not None and len(value) >= limit:
            raise AssignError("Value size too big")
        setattr(request_of(run.process), name, value or "")

    return write


@uac.function("uac_req_send")
def uac_req_send(state: Uac, run: Run) -> int:
    """Sends the request that `$uac_req(...)` describes; -1 without method and ruri, or when it can't be sent.

    Example: $uac_req(method) = "OPTIONS"; $uac_req(ruri) = "sip:10.0.0.1"; if (uac_req_send()) xlog("sent\\n");
    """
    made = replace(request_of(run.process))
    if not made.method or not made.ruri:
        return -1
    socket = find_socket(state.instance, made.sock) if made.sock else None
    request = own.Request(made.method, made.ruri, made.furi or made.ruri, made.turi or made.ruri, call_id=made.callid)
    request.headers, request.body, request.next_hop, request.socket = made.hdrs, made.body, made.ouri, socket or state.socket
    if made.evroute or (made.auser and made.apasswd):
        request.on_done.append(_listener(state, made))
    return 1 if own.send(state.tm, request) is not None else -1


def _listener(state: Uac, made: Request) -> Callable[[Transaction, int], None]:
    """What hears of the final reply."""

    def each(t: Transaction, code: int) -> None:
        _tell(state, made, t, code)
        if made.auser and made.apasswd:
            _again(state, made, t)

    def failures(t: Transaction, code: int) -> None:
        if code < 300:
            return
        if state.tm.enable_uac_fr:
            _tell(state, made, t, code)
        else:
            state.instance.diag("WARNING", "no UAC support (0, 131200) ", "tm")

    return failures if made.evroute >= FAILURES else each


def _tell(state: Uac, made: Request, t: Transaction, code: int) -> None:
    """Runs event_route[uac:reply]; the request's own parts are back in `$uac_req(...)` then, in the process that does this."""
    if not made.evroute:
        return
    process = state.tm.process
    reply = t.final if is_message(t.final) else None
    told = process.module_state[_KEY] = replace(made)
    told.evcode, told.evtype = code, REPLY if reply is not None else TIMEOUT
    if state.event_callback:
        state.instance.run_kemi(state.event_callback, EVENT)
        return
    message = Message(reply.text, reply.src, reply.dst) if reply is not None else None
    state.instance.run_event(EVENT, message, lambda run: _in_process(run, process))


def _in_process(run: Run, process: Process) -> None:
    run.process, run.vars = process, process.vars


def _again(state: Uac, made: Request, t: Transaction) -> None:
    """Sends the request once more, with the answer to a challenge."""
    reply = t.final if is_message(t.final) else None
    if reply is None or reply.status not in (401, 407):
        return
    asked = asked_by(state, None, reply)
    if asked is None:
        return
    who = Credential(made.auser, asked.realm, made.apasswd, bool(made.flags & 1))
    line = answer(reply.status, asked, who, made.method, made.ruri)
    sender, target = nameaddr.parse(reply.value("from") or ""), nameaddr.parse(reply.value("to") or "")
    if sender is None or target is None or reply.cseq is None:
        return
    again = own.Request(made.method, made.ruri, sender.uri, target.uri, sender.tag or "", call_id=reply.call_id or "")
    again.cseq = str(int(reply.cseq.number) + 1)
    again.headers, again.body, again.next_hop = made.hdrs + line, made.body, made.ouri
    again.socket = (find_socket(state.instance, made.sock) if made.sock else None) or state.socket
    if made.evroute:
        again.on_done.append(lambda t, code: _tell(state, made, t, code))
    if own.send(state.tm, again) is None:
        state.complain(None, "failed to send request with authentication")


uac.event_route(EVENT, "A request of uac_req_send() has its final reply; `$uac_req(evcode)` and `$uac_req(evtype)` tell which.")
