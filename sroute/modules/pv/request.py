"""The first line of the message: method, Request-URI as received and as it is now, status of a reply."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.variable import Index, Variable
from sroute.modules.pv.module import pv
from sroute.runtime.flow import AssignError
from sroute.runtime.run import Read, Run, Write
from sroute.runtime.services import Services
from sroute.runtime.values import Value
from sroute.sip import rewrite
from sroute.sip import uri as uris
from sroute.sip.endpoint import PROTOCOLS
from sroute.sip.rewrite import Rewrite
from sroute.sip.uri import Uri

METHODS = {
    "INVITE": 1, "CANCEL": 2, "ACK": 4, "BYE": 8, "INFO": 16, "REGISTER": 32, "SUBSCRIBE": 64, "NOTIFY": 128, "MESSAGE": 256,
    "OPTIONS": 512, "PRACK": 1024, "UPDATE": 2048, "REFER": 4096, "PUBLISH": 8192, "KDMQ": 16384, "GET": 32768, "POST": 65536,
    "PUT": 131072, "DELETE": 262144,
}  # fmt: skip
OTHER_METHOD = 524288
SCHEMES = {"sip": 1, "sips": 2, "tel": 3, "urn": 5}
NO_URI = "failed to parse the R-URI"


def method_id(run: Run) -> int:
    """The number of the method."""
    method = run.message.method
    return METHODS.get(method) or METHODS.get(method.upper(), OTHER_METHOD)


@pv.variable("rm")
def rm(run: Run) -> Value:
    """The method of the request; in a reply that of CSeq.

    Example: if ($rm == "INVITE") xlog("a call\\n");
    """
    return run.message.method


rm.numbered(method_id)


@pv.variable("rmid", static="int")
def rmid(run: Run) -> Value:
    """The number of the method: INVITE 1, CANCEL 2, ACK 4, BYE 8 ...; unknown ones 524288.

    Example: if ($rmid == 8) xlog("BYE\\n");
    """
    return method_id(run)


@pv.variable("rv")
def rv(run: Run) -> Value:
    """The SIP version.

    Example: xlog("$rv\\n");
    """
    return run.message.version


@pv.variable("rs")
def rs(run: Run) -> Value:
    """The status of the reply; null in a request.

    Example: xlog("$rs $rr\\n");
    """
    return None if run.message.is_request else run.message.status


@pv.variable("rsi", static="int")
def rsi(run: Run) -> Value:
    """The status of the reply; 0 in a request.

    Example: xlog("$rsi\\n");
    """
    return run.message.status


@pv.variable("rr")
def rr(run: Run) -> Value:
    """The reason phrase of the reply as received; null in a request.

    Example: xlog("$rs $rr\\n");
    """
    return None if run.message.is_request else run.message.reason


@pv.variable("mt", static="int")
def mt(run: Run) -> Value:
    """1 in a request, 2 in a reply.

    Example: if ($mt == 1) xlog("a request\\n");
    """
    return 1 if run.message.is_request else 2


@pv.variable("mts")
def mts(run: Run) -> Value:
    """`rq` in a request, `rp` in a reply.

    Example: xlog("$mts\\n");
    """
    return "rq" if run.message.is_request else "rp"


# ---------------------------------------------------------------- parts of a URI

Part = Callable[[Uri], Value]


def user(uri: Uri) -> Value:
    """The user part, null without one."""
    return uri.user or None


def host(uri: Uri) -> Value:
    """The host, null without one (tel)."""
    return uri.host or None


def port(uri: Uri) -> Value:
    """The port as written; 5060 without one, 5061 with `transport=tls`."""
    if uri.port or uri.empty_port:
        return uri.port
    return "5061" if uri.proto == "tls" else "5060"


def port_id(uri: Uri) -> Value:
    """The port as a number."""
    return int(str(port(uri)) or 0)


def transport(uri: Uri) -> Value:
    """The transport parameter as written; `UDP` without one."""
    return uri.transport or "UDP"


def transport_id(uri: Uri) -> Value:
    """The number of the transport; 1 (UDP) without the parameter, 0 for one that Kamailio does not know."""
    return PROTOCOLS.get(uri.proto or "", 0) if uri.transport else 1


def scheme(uri: Uri) -> Value:
    """What the URI counts as: a SIP URI with `user=phone` is `tel`."""
    return uri.scheme


def scheme_id(uri: Uri) -> Value:
    """The number of the scheme."""
    return SCHEMES[uri.scheme]


def user_length(uri: Uri) -> Value:
    """The length of the user part."""
    return len(uri.user)


def _current(part: Part) -> Callable[[Scope, None, Index], Read]:
    """A reader of a part of the current Request-URI."""

    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            message = run.message
            if not message.is_request:
                return None
            uri = message.parsed_uri
            if uri is not None:
                return part(uri)
            services.diag("ERROR", NO_URI, "pv", run.at)
            return None

        return read

    return factory


def _original(part: Part) -> Callable[[Scope, None, Index], Read]:
    """A reader of a part of the Request-URI as received."""

    def factory(scope: Scope, inner: None, index: Index) -> Read:
        services = scope.services

        def read(run: Run) -> Value:
            uri = original(run, services)
            return None if uri is None else part(uri)

        return read

    return factory


def original(run: Run, services: Services) -> Uri | None:
    """The Request-URI as received, in parts; None (and a complaint in a request) when it does not parse."""
    message = run.message
    if not message.is_request:
        return None
    uri = uris.parse(message.ruri)
    if uri is None:
        services.diag("ERROR", f"bad uri <{message.ruri}>", "core", run.at)
        services.diag("ERROR", "parse orig ruri failed", "core", run.at)
        services.diag("ERROR", NO_URI, "pv", run.at)
    return uri


def _declare(factory: Callable[[Part], Callable[[Scope, None, Index], Read]], part: Part, *names: str, doc: str) -> Variable:
    read = factory(part)
    read.__doc__ = f'{doc}\n\nExample: xlog("${names[0]}\\n");'
    return pv.variables_of(*names)(read)


@pv.variables_of("ru", "ruri")
def ru(scope: Scope, inner: None, index: Index) -> Read:
    """The Request-URI as it is now; null in a reply, and when it is no URI.

    Example: $ru = "sip:alice@example.com";
    """
    services, newer = scope.services, scope.services.dialect.newer

    def read(run: Run) -> Value:
        message = run.message
        if not message.is_request:
            return None
        if newer or message.parsed_uri is not None:
            return message.uri
        services.diag("ERROR", NO_URI, "pv", run.at)
        return None

    return read


@pv.variable("rul", static="int", since="later")
def ru_length(run: Run) -> Value:
    """The length of the Request-URI.

    Example: xlog("$rul\\n");
    """
    return len(run.message.uri) if run.message.is_request else None


ru_user = _declare(_current, user, "rU", "ruri.user", doc="The user of the Request-URI; null when there is none.")
ru_host = _declare(_current, host, "rd", "ruri.domain", doc="The host of the Request-URI.")
ru_port = _declare(_current, port, "rp", doc="The port of the Request-URI, 5060 when it has none.")
ru_port.number = _current(port_id)
ru_proto = _declare(_current, transport, "rP", doc="The transport of the Request-URI as written, `UDP` when it has none.")
ru_proto.number = _current(transport_id)
ru_scheme = _declare(_current, scheme, "rz", doc="The scheme of the Request-URI; `tel` with `user=phone`.")
ru_scheme.number = _current(scheme_id)
_declare(_current, user_length, "rUl", doc="The length of the user of the Request-URI.")


@pv.variables_of("ou", "ouri")
def ou(scope: Scope, inner: None, index: Index) -> Read:
    """The Request-URI as received.

    Example: xlog("$ou\\n");
    """
    services = scope.services
    return lambda run: run.message.ruri if original(run, services) is not None else None


_declare(_original, user, "oU", doc="The user of the Request-URI as received.")
_declare(_original, host, "od", doc="The host of the Request-URI as received.")
_declare(_original, port, "op", doc="The port of the Request-URI as received, 5060 when it has none.").number = _original(port_id)
_declare(_original, transport, "oP", doc="The transport of the Request-URI as received, `UDP` when it has none.").number = _original(
    transport_id
)
_declare(_original, user_length, "oUl", doc="The length of the user of the Request-URI as received.")


# ---------------------------------------------------------------- assignments


@ru.setter
def set_ru(run: Run, value: Value) -> None:
    """Any text is taken; one that is no URI makes `$ru` and its parts null."""
    if value.__class__ is not str:
        raise AssignError("bad parameters" if value is None else "str value required to set R-URI")
    run.message.new_uri = value


def _rewriting(change: Callable[[str, Value], Rewrite]) -> Callable[[Scope, None, Index], Write]:
    """A writer of a part of the Request-URI."""

    def factory(scope: Scope, inner: None, index: Index) -> Write:
        services = scope.services

        def write(run: Run, value: Value) -> None:
            result = change(run.message.uri, value)
            if result.note:
                services.diag(result.level, result.note, "core", run.at)
            if result.uri is None:
                services.diag("ERROR", "run action error at: :0", "core", run.at)
                raise AssignError("do action failed)" if value is None else "do action failed")
            run.message.new_uri = result.uri

        return write

    return factory


def _with_user(text: str, value: Value) -> Rewrite:
    if isinstance(value, int):
        raise AssignError("str value required to set R-URI user")
    return rewrite.set_user(text, value or "")


def _with_host(text: str, value: Value) -> Rewrite:
    if not isinstance(value, str):
        raise AssignError("bad parameters" if value is None else "str value required to set R-URI hostname")
    return rewrite.set_host(text, value)


def _with_port(text: str, value: Value) -> Rewrite:
    if isinstance(value, int) and value < 0:
        value += 1 << 64  # 5.6.3 writes it without a sign
    return rewrite.set_port(text, "" if value is None else str(value))


ru_user.writer(_rewriting(_with_user))
ru_host.writer(_rewriting(_with_host))
ru_port.writer(_rewriting(_with_port))
