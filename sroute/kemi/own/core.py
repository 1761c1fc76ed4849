"""`KSR` itself: logs, methods, addresses, the request URI, flags."""

from collections.abc import Callable
from typing import Any

from sroute.exports.fixups import FixupError, reader
from sroute.exports.module import Module
from sroute.kemi.calls import Implementation, Offer, Result
from sroute.kemi.engine import Context
from sroute.modules import kex
from sroute.runtime.flow import DROP, EvalError
from sroute.runtime.routes import Routes
from sroute.runtime.run import Run
from sroute.sip import rewrite
from sroute.sip import uri as uris

core = Offer()
LEVELS = {"crit": "CRITICAL", "err": "ERROR", "warn": "WARNING", "notice": "NOTICE", "info": "INFO", "dbg": "DEBUG"}
NAMED_LEVELS = {"dbg": "DEBUG", "info": "INFO", "notice": "NOTICE", "warn": "WARNING", "crit": "CRITICAL", "err": "ERROR"}
METHODS = (
    *("ACK", "BYE", "CANCEL", "DELETE", "GET", "INFO", "INVITE", "KDMQ", "MESSAGE", "NOTIFY", "OPTIONS", "POST", "PRACK", "PUBLISH"),
    *("PUT", "REFER", "REGISTER", "SUBSCRIBE", "UPDATE"),
)
_LETTERS = {"I": "INVITE", "A": "ACK", "C": "CANCEL", "B": "BYE", "R": "REGISTER", "M": "MESSAGE", "O": "OPTIONS", "S": "SUBSCRIBE"}
_LETTERS |= {"P": "PUBLISH", "N": "NOTIFY", "U": "UPDATE", "K": "KDMQ", "G": "GET", "T": "POST", "V": "PUT", "D": "DELETE", "F": "REFER"}
_PROTOS = {"UDP": ("udp",), "TCP": ("tcp",), "TLS": ("tls",), "SCTP": ("sctp",), "WS": ("ws",), "WSS": ("wss",), "WSX": ("ws", "wss")}
_PROTO_LETTERS = {"e": "tls", "s": "sctp", "t": "tcp", "u": "udp", "v": "ws", "w": "wss"}
HIGHEST_FLAG = 31


class NoFunctionError(Exception):
    """modf() of a name that no module has."""


# ------------------------------------------------------------ logs


def _log(level: str) -> Implementation:
    def log(context: Context, text: str) -> Result:
        context.services.log(level, text, context.running)
        return None

    return log


for _name, _level in LEVELS.items():
    core.add("", _name)(_log(_level))


@core.add("", "log")
def log(context: Context, level: str, text: str) -> Result:
    """Logs at a level by its name; one that is none stands for ERROR."""
    context.services.log(NAMED_LEVELS.get(level, "ERROR"), text, context.running)
    return None


@core.add("", "get_debug")
def get_debug(context: Context) -> Result:
    """The log level."""
    return context.services.debug


# ------------------------------------------------------------ what came in


def _is(method: str) -> Implementation:
    return lambda context: context.running.message.method == method


for _name in METHODS:
    core.add("", f"is_{_name}")(_is(_name))


@core.add("", "is_method")
def is_method(context: Context, method: str) -> Result:
    """Whether the message has that method."""
    return context.running.message.method.lower() == method.lower()


@core.add("", "is_method_in")
def is_method_in(context: Context, letters: str) -> Result:
    """Whether the message has one of the methods that letters stand for: I INVITE, O OPTIONS, R REGISTER ..."""
    method = context.running.message.method
    for letter in letters:
        if letter not in _LETTERS:
            context.complain(f"unsupported method flag: {letter}", level="WARNING")
        elif _LETTERS[letter] == method:
            return True
    return False


def _came_by(protos: tuple[str, ...]) -> Implementation:
    return lambda context: context.running.message.dst.proto in protos


def _goes_by(protos: tuple[str, ...]) -> Implementation:
    def test(context: Context) -> Result:
        sending = context.running.sending
        return sending is not None and sending.destination.proto in protos

    return test


for _name, _protos in _PROTOS.items():
    core.add("", f"is_{_name}")(_came_by(_protos))
    core.add("", f"to_{_name}")(_goes_by(_protos))


@core.add("", "is_proto")
def is_proto(context: Context, letters: str) -> Result:
    """Whether the message came by one of the protocols that letters stand for: u UDP, t TCP, e TLS, s SCTP, v WS, w WSS."""
    return any(_PROTO_LETTERS.get(letter.lower()) == context.running.message.dst.proto for letter in letters)


@core.add("", "is_IPv4")
def is_ipv4(context: Context) -> Result:
    """Whether the message came by IPv4."""
    return not context.running.message.dst.is_ipv6


@core.add("", "is_IPv6")
def is_ipv6(context: Context) -> Result:
    """Whether the message came by IPv6."""
    return context.running.message.dst.is_ipv6


@core.add("", "to_IPv4")
def to_ipv4(context: Context) -> Result:
    """In an onsend route: whether the message leaves by IPv4."""
    sending = context.running.sending
    return sending is not None and not sending.destination.is_ipv6


@core.add("", "to_IPv6")
def to_ipv6(context: Context) -> Result:
    """In an onsend route: whether the message leaves by IPv6."""
    sending = context.running.sending
    return sending is not None and sending.destination.is_ipv6


@core.add("", "is_src_port")
def is_src_port(context: Context, port: int) -> Result:
    """Whether the message came from that port."""
    return context.running.message.src.port == port


@core.add("", "is_dst_port")
def is_dst_port(context: Context, port: int) -> Result:
    """Whether the message came to that port."""
    return context.running.message.dst.port == port


# ------------------------------------------------------------ is it for us


@core.add("", "is_myself")
def is_myself(context: Context, text: str | None) -> Result:
    """Whether a URI, or an address with or without protocol and port, is one of this server."""
    if not text:
        return False
    scheme = text.partition(":")[0].lower()
    if scheme in ("sip", "sips", "tel"):
        uri = uris.parse(text)
        return uri is not None and bool(uri.host) and context.services.is_myself(uri.host, uri.port_number or 0, uri.transport or "")
    proto, colon, rest = text.partition(":")
    host, port = (rest, proto) if colon and proto in ("udp", "tcp", "tls", "sctp", "ws", "wss") else (text, "")
    name, colon, number = host.rpartition(":")
    if colon and number.isdigit() and not name.endswith("]:"):
        return context.services.is_myself(name, int(number), port)
    return context.services.is_myself(host, 0, port)


def _myself(text: Callable[[Run], str | None]) -> Implementation:
    return lambda context: is_myself(context, text(context.running))


def _from(run: Run) -> str | None:
    return run.message.from_.uri if run.message.from_ else None


def _to(run: Run) -> str | None:
    return run.message.to.uri if run.message.to else None


core.add("", "is_myself_ruri")(_myself(lambda run: run.message.uri if run.message.is_request else None))
core.add("", "is_myself_duri")(_myself(lambda run: run.message.dst_uri))
core.add("", "is_myself_nhuri")(_myself(lambda run: run.message.dst_uri or (run.message.uri if run.message.is_request else None)))
core.add("", "is_myself_furi")(_myself(_from))
core.add("", "is_myself_turi")(_myself(_to))


@core.add("", "is_myself_srcip")
def is_myself_srcip(context: Context) -> Result:
    """Whether the message came from an address of this server, whatever its port."""
    return context.services.is_myself(context.running.message.src.ip, 0, "")


@core.add("", "is_myself_suri")
def is_myself_suri(context: Context) -> Result:
    """Whether the message came from one of this server's own sockets."""
    src = context.running.message.src
    return context.services.is_myself(src.ip, src.port, src.proto)


# ------------------------------------------------------------ URIs


def _rewriting(change: Callable[[str, str], rewrite.Rewrite]) -> Implementation:
    def act(context: Context, text: str) -> Result:
        message = context.running.message
        result = change(message.uri, text)
        if result.uri is None:
            context.complain(result.note or f"bad uri <{message.uri}>, dropping packet")
            return False
        message.new_uri = result.uri
        return True

    return act


core.add("", "setuser")(_rewriting(rewrite.set_user))
core.add("", "sethost")(_rewriting(rewrite.set_host))


@core.add("", "seturi")
def seturi(context: Context, uri: str) -> Result:
    """Sets the request URI."""
    context.running.message.new_uri = uri
    return True


@core.add("", "setdsturi")
def setdsturi(context: Context, uri: str) -> Result:
    """Sets the destination URI, without looking at it."""
    context.running.message.dst_uri = uri or None
    return True


@core.add("", "resetdsturi")
def resetdsturi(context: Context) -> Result:
    """Unsets the destination URI."""
    context.running.message.dst_uri = None
    return True


@core.add("", "isdsturiset")
def isdsturiset(context: Context) -> Result:
    """Whether there is a destination URI."""
    return context.running.message.dst_uri is not None


@core.add("", "force_rport")
def force_rport(context: Context) -> Result:
    """Replies go to the port that the request came from."""
    context.running.message.force_rport = True
    return True


@core.add("", "add_local_rport")
def add_local_rport(context: Context) -> Result:
    """The Via of what is sent has rport."""
    context.running.message.local_rport = True
    return True


@core.add("", "set_advertised_address")
def set_advertised_address(context: Context, host: str) -> Result:
    """The address in the Via of what is sent."""
    context.running.message.global_address = host
    return 1


@core.add("", "set_advertised_port")
def set_advertised_port(context: Context, port: str) -> Result:
    """The port in the Via of what is sent."""
    context.running.message.global_port = port
    return 1


@core.add("", "set_forward_close", "set_forward_no_connect", "set_reply_close", "set_reply_no_connect")
def of_connections(context: Context) -> Result:
    """For TCP connections, which a simulated instance has not."""
    return True


@core.add("", "add_tcp_alias", "add_tcp_alias_via")
def tcp_alias(context: Context, port: int = 0) -> Result:
    """For TCP connections, which a simulated instance has not."""
    return 1


# ------------------------------------------------------------ flags


def _bit(context: Context, flag: int, function: str) -> int:
    if 0 <= flag <= HIGHEST_FLAG:
        return 1 << flag
    context.complain(f"message flag {flag} too high; MAX={HIGHEST_FLAG}")
    context.complain(f"invalid flag parameter {flag}")
    return 0


@core.add("", "setflag")
def setflag(context: Context, flag: int) -> Result:
    """Sets a message flag."""
    bit = _bit(context, flag, "setflag")
    context.running.message.flags |= bit
    return bool(bit)


@core.add("", "resetflag")
def resetflag(context: Context, flag: int) -> Result:
    """Resets a message flag."""
    bit = _bit(context, flag, "resetflag")
    context.running.message.flags &= ~bit
    return bool(bit)


@core.add("", "isflagset")
def isflagset(context: Context, flag: int) -> Result:
    """Whether a message flag is set."""
    return bool(context.running.message.flags & _bit(context, flag, "isflagset"))


def _of_kex(function: Callable[..., int]) -> Implementation:
    state = kex.Extensions()
    return lambda context, *args: function(state, context.running, *args) > 0


for _name in ("setsflag", "resetsflag", "issflagset", "setbflag", "resetbflag", "isbflagset"):
    core.add("", _name)(_of_kex(getattr(kex, _name)))
for _name in ("setbflag", "resetbflag", "isbflagset"):
    core.add("", _name.replace("bflag", "biflag"))(_of_kex(getattr(kex, _name)))


# ------------------------------------------------------------ sending, leaving, routes


@core.add("", "forward")
def forward(context: Context) -> Result:
    """Sends the request on without a transaction."""
    return context.services.forward(context.running, "", 0, "")


@core.add("", "forward_uri")
def forward_uri(context: Context, text: str) -> Result:
    """Sends the request on to a URI without a transaction."""
    uri = uris.parse(text)
    if uri is None or not uri.host:
        context.complain(f"bad uri: [{text}]")
        return -1
    return context.services.forward(context.running, uri.host, uri.port_number or 0, uri.transport)


@core.add("", "set_drop")
def set_drop(context: Context) -> Result:
    """The message is dropped when the function is left: a reply is not sent on."""
    context.running.flow = DROP
    return None


@core.add("", "route")
def route(context: Context, name: str) -> Result:
    """Runs `route[name]` of the script."""
    if not context.services.has_route(Routes.REQUEST, name):
        return -1
    return context.services.run_route(Routes.REQUEST, name, context.running)


def modf(context: Context, modules: list[Module[Any]], name: str, args: tuple[str, ...]) -> int:
    """Calls a function of the script language.

    Raises NoFunctionError for a name that no module has with that many arguments.
    """
    for module in modules:
        function = module.functions.get((name, len(args)))
        if function is not None:
            break
    else:
        raise NoFunctionError(name)
    scope, state = context.scope, context.services.state(module.name)
    try:
        bound = [fixup.bind(fixup.parse(text, scope.names), scope) for fixup, text in zip(function.params, args, strict=True)]
    except FixupError as error:
        context.complain(f"function {name}: {error.message}")
        return -1
    try:
        if function.bound:
            code: int = function.implementation(scope, state, *bound)(context.running)
        else:
            code = function.implementation(state, context.running, *(reader(arg)(context.running) for arg in bound))
    except EvalError:
        return -1
    return code
