"""sl: replies without a transaction, and the filter that swallows the ACKs to them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sroute.exports.fixups import FORMAT, INTEGER, Constant, FixupError, Names, Scope
from sroute.exports.module import Module
from sroute.exports.rpc import RpcValue
from sroute.exports.variable import Index
from sroute.modules.tm import functions as tm_functions
from sroute.modules.tm.arguments import CODE, REASON
from sroute.modules.tm.binding import Tm, current
from sroute.runtime import redirect, sererror
from sroute.runtime.routes import Routes
from sroute.runtime.run import Read, Run
from sroute.runtime.services import Services
from sroute.runtime.signature import server_line
from sroute.sip import reply, tags
from sroute.sip.endpoint import PROTOCOLS, Endpoint
from sroute.sip.message import Message, ReplyLump
from sroute.sip.relay import build_reply
from sroute.sip.target import reply_target, via_target

WAIT = 2.0
"""Seconds for which an ACK to a stateless reply is awaited."""
_COUNTED = (
    "200",
    "202",
    "2xx",
    "300",
    "301",
    "302",
    "3xx",
    "400",
    "401",
    "403",
    "404",
    "407",
    "408",
    "483",
    "4xx",
    "500",
    "5xx",
    "6xx",
    "xxx",
)


@dataclass(slots=True)
class Stateless:
    """The module's parameters, what it has sent, and the instance it serves."""

    bind_tm: int = 1
    default_code: int = 500
    default_reason: str = "Internal Server Error"
    rich_redirect: int = 0
    services: Services | None = None
    tag: str = ""
    acks_until: float = 0.0
    has_event: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    acks: int = 0

    @property
    def instance(self) -> Services:
        """The services of the running instance."""
        assert self.services is not None
        return self.services

    def transactions(self) -> Tm | None:
        """tm, where it is loaded and not unbound by `bind_tm`."""
        tm = self.instance.state("tm") if self.bind_tm and self.instance.loaded("tm") else None
        return tm if isinstance(tm, Tm) else None

    def totag(self, request: Message) -> str:
        """The To tag of a stateless reply."""
        return self.tag + tags.suffix(request)

    def complain(self, run: Run, text: str, level: str = "ERROR") -> None:
        """What Kamailio logs."""
        self.instance.diag(level, text, "sl", run.at)


sl = Module("sl", Stateless, "Replies without a transaction.")
sl.setting("bind_tm", "int", doc="send_reply() answers the transaction where there is one (1).")
sl.setting("default_code", "int", doc="The code of a reply whose own is no number (500).")
sl.setting("default_reason", "str", doc="The reason of a reply whose own is not there.")
sl.setting("rich_redirect", "int", doc="What a 3xx says besides the URI of each contact (0).")
sl.event_route("sl:local-response", "A reply was sent: runs over it.")
sl.event_route("sl:filtered-ack", "An ACK to a reply of sl was swallowed: runs over it.")


def _figures(state: Stateless) -> dict[str, int]:
    """What `$stat` and RPC show; 5.6.3 counts replies of 1xx among others, and errors and failures never."""
    shown = {f"{name}_replies": state.counts[name] for name in ("1xx", *_COUNTED)}
    others = {"failures": 0, "received_ACKs": state.acks, "sent_err_replies": 0, "sent_replies": sum(state.counts.values())}
    return shown | others


def _init(state: Stateless, scope: Any) -> None:
    services = state.services = scope.services
    services.counters.sample("sl", services.clock.uptime, lambda: _figures(state))
    sockets = services.sockets.listen
    state.tag = tags.prefix(tags.STATELESS, sockets[0].endpoint if sockets else None)
    state.acks_until = services.clock.now()
    state.has_event = services.has_route(Routes.EVENT, "sl:local-response")
    if state.bind_tm and not services.loaded("tm"):
        services.diag("WARNING", "Cannot import load_tm function from tm module", "sl")


def _child_init(state: Stateless, scope: Any) -> None:
    if state.bind_tm and not state.instance.loaded("tm"):
        state.instance.diag("WARNING", "Cannot import load_tm function from tm module", "sl")


sl.hooks.init.append(_init)
sl.hooks.child_init.append(_child_init)


def _filter_ack(state: Stateless, run: Run) -> bool:
    """Before the script: False for an ACK to a reply of this instance's sl, which nobody else is to see."""
    message = run.message
    if message.method != "ACK" or state.acks_until <= state.instance.clock.now():
        return True
    if message.to is None or (message.to.tag or "") != state.totag(message):
        return True
    state.acks += 1
    state.instance.run_event("sl:filtered-ack", message)
    return False


sl.hooks.pre_script.append(_filter_ack)


def send(state: Stateless, run: Run, code: int, reason: str) -> int:
    """Answers a request without a transaction: 1, or -1 for an ACK and for what can't be answered."""
    request = run.message
    if request.method == "ACK":
        return -1
    if 300 <= code < 400:
        _add_contacts(state, run)
    untagged = code >= 180 and request.to is not None and not request.to.tag
    tag = state.totag(request) if untagged else ""
    text = reply.build(request, (code & 0xFFFFFFFF) % 1000, reason, tag, server=server_line(state.instance))
    if text is None:
        return -1
    state.acks_until = state.instance.clock.now() + WAIT
    state.instance.send(text, request.dst, reply_target(request))
    if state.has_event:
        state.instance.run_event("sl:local-response", Message(text))
    _count(state, code)
    return 1


def _add_contacts(state: Stateless, run: Run) -> None:
    contacts = redirect.contacts(run.message, run.dset)
    if contacts is None:
        state.instance.diag("WARNING", "no r-uri or branches", "core", run.at)
    else:
        run.message.reply_lumps.append(ReplyLump(contacts))


def _count(state: Stateless, code: int) -> None:
    exact, group = str(code), f"{code // 100}xx"
    state.counts[exact if exact in _COUNTED else group if group in _COUNTED else "xxx"] += 1


@sl.function("sl_reply", CODE, REASON)
@sl.function("sl_send_reply", CODE, REASON)
def send_reply_stateless(state: Stateless, run: Run, code: int | None, reason: str | None) -> int:
    """Answers the request without a transaction; -1 for an ACK. Called twice it answers twice.

    Example: sl_send_reply("404", "Not Found");
    """
    if not run.message.is_request:
        return -1
    return send(state, run, *_defaults(state, code, reason))


def _defaults(state: Stateless, code: int | None, reason: str | None) -> tuple[int, str]:
    return state.default_code if code is None else code, state.default_reason if reason is None else reason


@sl.function("send_reply", CODE, REASON)
def send_reply(state: Stateless, run: Run, code: int | None, reason: str | None) -> int:
    """Answers the transaction where there is one, else without; -1 when that fails.

    Example: send_reply("403", "Forbidden");
    """
    return _send_either(state, run, code, reason)


def _send_either(state: Stateless, run: Run, code: int | None, reason: str | None) -> int:
    status, text = _defaults(state, code, reason)
    tm, t = state.transactions(), current(run)
    if tm is None or t is None:
        return send(state, run, status, text) if run.message.is_request else -1
    if tm_functions.reply_here(tm, run, status, text) < 0:
        state.complain(run, "failed to reply stateful (tm)")
        return -1
    return 1


@sl.function("send_reply_mode", CODE, REASON, INTEGER)
def send_reply_mode(state: Stateless, run: Run, code: int | None, reason: str | None, mode: int) -> int:
    """As send_reply(); mode says what happens to the connection (1: send on an existing one only, 2: close it), nothing over UDP.

    Example: send_reply_mode("404", "Not Found", "1");
    """
    return _send_either(state, run, code, reason)


@sl.function("sl_reply_error")
def reply_error(state: Stateless, run: Run) -> int:
    """Answers with the error that the call in front of this one has left: `Unresolvable destination (478/SL)`.

    Example: if (!t_relay()) { sl_reply_error(); }
    """
    status, text = sererror.phrase(sererror.left(run), "SL")
    send(state, run, status, text)
    state.complain(run, f"stateless error reply used: {text}")
    return 1


@sl.function("send_reply_error", since="5.8")
def send_reply_error(state: Stateless, run: Run) -> int:
    """As sl_reply_error(), by the transaction where there is one.

    Example: if (!t_relay()) { send_reply_error(); }
    """
    if state.transactions() is None or current(run) is None:
        state.complain(run, "cannot send a t_reply to a message for which no T-state has been established")
        status, text = sererror.phrase(sererror.left(run), "SL")
        send(state, run, status, text)
        return 1
    return _send_either(state, run, *sererror.phrase(sererror.left(run), "TM"))


@sl.function("sl_forward_reply")
def forward_reply(state: Stateless, run: Run) -> int:
    """Sends the received reply on by its Via at once."""
    return _forward(state, run, "", "")


@sl.function("sl_forward_reply", FORMAT)
def forward_reply_code(state: Stateless, run: Run, code: str) -> int:
    """Sends the received reply on with another code of the same class."""
    return _forward(state, run, code, "")


@sl.function("sl_forward_reply", FORMAT, FORMAT)
def forward_reply_changed(state: Stateless, run: Run, code: str, reason: str) -> int:
    """Sends the received reply on with another code of the same class and another reason.

    Example: reply_route { if (status == "404") sl_forward_reply("480", "Away"); }
    """
    return _forward(state, run, code, reason)


def _forward(state: Stateless, run: Run, code: str, reason: str) -> int:
    message = run.message
    if message.is_request:
        state.complain(run, "invalid SIP message type")
        return -1
    if code and len(code) != 3:
        state.complain(run, f"invalid reply code value {code}")
        return -1
    if code and code[0] != message.status_text[0]:
        state.complain(run, "reply code class cannot be changed")
        return -1
    if code and not (code[1:].isascii() and code[1:].isdigit()):
        state.complain(run, f"invalid reply code value {code}!")
        return -1
    via = message.via2
    if via is None:
        return -1
    host, target = via_target(via, via.proto if via.proto in PROTOCOLS else "udp")
    ip = state.instance.resolve(host)
    if ip is None:
        return -1
    state.instance.send(_changed(build_reply(message), code, reason), message.dst, Endpoint(target.proto, ip, target.port))
    return 1


def _changed(text: str, code: str, reason: str) -> str:
    """A reply with another status line."""
    line, _, rest = text.partition("\n")
    version, status, phrase = [*line.removesuffix("\r").split(" ", 2), "", ""][:3]
    return f"{version} {code or status} {reason or phrase}" + ("\r\n" if line.endswith("\r") else "\n") + rest


class _Kind:
    """What stands in the parentheses of `$ltt`."""

    form = "x, s or t"

    def parse(self, text: str, names: Names) -> str:
        """x: whichever a reply would carry, s: that of a stateless one, t: that of the transaction."""
        if text not in ("x", "s", "t"):
            raise FixupError(f"unknown PV ltt key: {text}")
        return text

    def bind(self, parsed: str, scope: Scope) -> Constant[str]:
        """The kind."""
        return Constant(parsed)


@sl.variables_of("ltt", inner=_Kind())
def local_totag(scope: Any, inner: Any, index: Index) -> Read:
    """The To tag of a local reply: `$ltt(s)` stateless, `$ltt(t)` with a transaction (else null), `$ltt(x)` whichever applies.

    Example: xlog("$ltt(x)\\n");
    """
    kind: str = inner.value
    state: Stateless = scope.services.state("sl")

    def read(run: Run) -> str | None:
        tm = state.transactions() if kind != "s" else None
        if tm is not None and current(run) is not None:
            return tm.totag(run.message)
        return None if kind == "t" else state.totag(run.message)

    return read


@sl.rpc("sl.stats")
def stats(state: Stateless, services: Any, args: Sequence[Any]) -> RpcValue:
    """How many replies were sent, by code."""
    return {name: state.counts[name] for name in _COUNTED}
