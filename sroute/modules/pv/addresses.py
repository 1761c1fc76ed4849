"""Transformations of URIs and addresses: `{uri.*}`, `{nameaddr.*}`, `{tobody.*}`, `{urialias.*}`."""

from collections.abc import Callable

from sroute.exports.fixups import Scope
from sroute.exports.transformation import Apply
from sroute.modules.pv.module import pv
from sroute.modules.pv.parameters import Parsed, none, parser, reading, text
from sroute.modules.pv.uri_memory import uri_of
from sroute.runtime.run import Run
from sroute.runtime.values import FAILED, Spelled, Value, to_str
from sroute.sip import nameaddr, params
from sroute.sip.endpoint import PROTOCOLS
from sroute.sip.nameaddr import NameAddr
from sroute.sip.uri import Uri

Part = Callable[[Uri], Value]


def _uri(name: str, doc: str, part: Part) -> None:
    """`{uri.name}`: null for what is no URI."""

    def bind(parsed: Parsed, scope: Scope) -> Apply:
        services = scope.services

        def apply(run: Run, value: Value) -> Value:
            if value is None or value is FAILED or value == "":
                return FAILED
            uri = uri_of(run, to_str(value))
            if uri is None:
                services.diag("ERROR", f"invalid uri [{to_str(value)}]", "pv", run.at)
                return FAILED
            if name == "tosocket" and not uri.proto:
                services.diag("WARNING", "unknown transport protocol", "pv", run.at)
            return part(uri)

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(fu{{uri.{name}}})\\n");'
    pv.transformation("uri", name, none)(bind)


def _port(uri: Uri) -> Value:
    number = uri.port_number
    return number if str(number) == uri.port else Spelled(number, uri.port)


def _to_socket(uri: Uri) -> Value:
    if not uri.proto:
        return ""
    return f"{uri.proto}:{uri.host}:{uri.port or 5060}"


def _transport(uri: Uri) -> str:
    return f";transport={uri.transport}" if uri.transport else ""


def _host_port(uri: Uri) -> str:
    return f"{uri.host}:{uri.port}" if uri.port else uri.host


def _simple(uri: Uri) -> Value:
    """Scheme, user, host, port, transport."""
    scheme = uri.written_scheme
    at = "@" if uri.user else ""
    return f"{scheme}:{uri.user}{at}{_host_port(uri)}{_transport(uri)}"


def _address_of_record(uri: Uri) -> Value:
    """Scheme, user, host."""
    at = "@" if uri.user else ""
    return f"{uri.written_scheme}:{uri.user}{at}{uri.host}"


def _destination(uri: Uri) -> Value:
    """Scheme, host, port, transport."""
    return f"{uri.written_scheme}:{_host_port(uri)}{_transport(uri)}"


def _known(name: str) -> Part:
    return lambda uri: uri.param(name) or ""


_URI_PARTS: tuple[tuple[str, str, Part], ...] = (
    ("user", "The user part; empty without one.", lambda uri: uri.user),
    ("host", "The host; empty for tel.", lambda uri: uri.host),
    ("domain", "The host; empty for tel.", lambda uri: uri.host),
    ("passwd", "The password; empty without one.", lambda uri: uri.password),
    ("port", "The port; without one it prints nothing and counts as 0.", _port),
    ("params", "All parameters as written; those of a tel URI do not show.", lambda uri: uri.sip_params),
    ("headers", "What stands behind `?`.", lambda uri: uri.headers),
    ("transport", "The transport parameter as written; empty without one.", lambda uri: uri.transport),
    ("ttl", "The ttl parameter.", _known("ttl")),
    ("uparam", "The user parameter.", _known("user")),
    ("maddr", "The maddr parameter.", _known("maddr")),
    ("method", "The method parameter.", _known("method")),
    ("lr", "The value of the lr parameter, mostly empty.", _known("lr")),
    ("r2", "The value of the r2 parameter.", _known("r2")),
    ("scheme", "The scheme as written.", lambda uri: uri.written_scheme),
    ("tosocket", "`proto:host:port`; empty without a transport parameter that Kamailio knows.", _to_socket),
)
for _name, _doc, _part in _URI_PARTS:
    _uri(_name, _doc, _part)


def _rebuilt(name: str, doc: str, part: Part) -> None:
    """`{uri.duri}` and its like: 5.6.3 writes a stray byte behind the scheme, which is left out here."""

    def bind(parsed: Parsed, scope: Scope) -> Apply:
        services = scope.services

        def apply(run: Run, value: Value) -> Value:
            uri = None if value is None or value is FAILED else uri_of(run, to_str(value))
            if uri is None:
                return FAILED
            if not services.dialect.newer:
                services.note(f"{{uri.{name}}} of Kamailio 5.6.3 has a stray byte behind the scheme; this is the result without it", run.at)
            if name == "tosocket" and not uri.proto:
                services.diag("WARNING", "unknown transport protocol", "pv", run.at)
            return part(uri)

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(fu{{uri.{name}}})\\n");'
    pv.transformation("uri", name, none)(bind)


_rebuilt("suri", "The URI with scheme, user, host, port and transport only.", _simple)
_rebuilt("saor", "The URI with scheme, user and host only.", _address_of_record)
_rebuilt("duri", "The URI with scheme, host, port and transport only.", _destination)

_PARAM_NAME = text("param cannot get p1")


@pv.transformation("uri", "param", parser(_PARAM_NAME), "name")
def uri_param(parsed: Parsed, scope: Scope) -> Apply:
    """The value of a parameter by its name without case; empty when it has none or is not there.

    Example: xlog("$(ct{nameaddr.uri}{uri.param,transport})\\n");
    """
    services = scope.services

    names = reading(scope, parsed, (_PARAM_NAME,))

    def apply(run: Run, value: Value) -> Value:
        if value is None or value is FAILED or value == "":
            return FAILED
        uri = uri_of(run, to_str(value))
        if uri is None:
            services.diag("ERROR", f"invalid uri [{to_str(value)}]", "pv", run.at)
            return FAILED
        name = names(run)
        found = params.parse(uri.sip_params) if uri.sip_params else ([], 0)
        if name is None or found is None:
            return FAILED
        return params.value(found[0], to_str(name[0])) or "" if name[0] else ""

    return apply


# ---------------------------------------------------------------- nameaddr


def cut(value: str) -> tuple[str, str, int] | None:
    """The first address of a text as the loose parser sees it: what stands before `<`, the URI, where it ends.

    None when a bracket is not closed. Without brackets all of it is the URI.
    """
    quoted = False
    for at, char in enumerate(value):
        if char == '"' and (at == 0 or value[at - 1] != "\\"):
            quoted = not quoted
        elif char == "<" and not quoted:
            end = value.find(">", at)
            return None if end < 0 else (value[:at], value[at + 1 : end], end + 1)
    return "", value, len(value)


def _name_addr(name: str, doc: str, part: Callable[[tuple[str, str, int]], Value]) -> None:
    def bind(parsed: Parsed, scope: Scope) -> Apply:
        def apply(run: Run, value: Value) -> Value:
            found = None if value is None or value is FAILED or value == "" else cut(to_str(value))
            return FAILED if found is None else part(found)

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(hdr(From){{nameaddr.{name}}})\\n");'
    pv.transformation("nameaddr", name, none)(bind)


_name_addr("name", "What stands before the brackets, quotes and blanks included; empty without brackets.", lambda found: found[0])
_name_addr("uri", "The URI in the brackets; without brackets all of the text.", lambda found: found[1])
_name_addr("len", "The length of the first address.", lambda found: found[2])


# ---------------------------------------------------------------- tobody


def _to_body(name: str, doc: str, part: Callable[[NameAddr, Uri], Value]) -> None:
    """`{tobody.name}`: null for what From and To could not hold."""

    def bind(parsed: Parsed, scope: Scope) -> Apply:
        def apply(run: Run, value: Value) -> Value:
            found = None if value is None or value is FAILED else nameaddr.parse(to_str(value).strip(" \t\r\n"))
            uri = None if found is None else uri_of(run, found.uri)
            return FAILED if found is None or uri is None else part(found, uri)

        return apply

    bind.__doc__ = f'{doc}\n\nExample: xlog("$(hdr(From){{tobody.{name}}})\\n");'
    pv.transformation("tobody", name, none)(bind)


_to_body("uri", "The URI.", lambda found, uri: found.uri)
_to_body("user", "The user of the URI; empty without one.", lambda found, uri: uri.user)
_to_body("host", "The host of the URI; empty for tel.", lambda found, uri: uri.host)
_to_body("display", "The display name with its quotes; empty without one.", lambda found, uri: found.display)
_to_body("tag", "The tag; empty without one.", lambda found, uri: found.tag or "")
_to_body("params", "The parameters behind the address.", lambda found, uri: found.params_text)


# ---------------------------------------------------------------- urialias

_NAMES = {number: name for name, number in PROTOCOLS.items()}


@pv.transformation("urialias", "encode", none)
def alias_encode(parsed: Parsed, scope: Scope) -> Apply:
    """An address as the `alias` parameter has it: `ip~port~proto`.

    Example: xlog("$(su{urialias.encode})\\n");
    """
    services = scope.services

    def apply(run: Run, value: Value) -> Value:
        if value is None or value is FAILED or value == "":
            return FAILED
        uri = uri_of(run, to_str(value))
        if uri is None:
            services.diag("ERROR", f"failed to parse uri [{to_str(value)}]", "core", run.at)
            services.diag("ERROR", f"error converting uri to alias [{to_str(value)}]", "pv", run.at)
            return ""
        return f"{uri.host}~{uri.port or 5060}~{PROTOCOLS.get(uri.proto or '', 1)}"

    return apply


@pv.transformation("urialias", "decode", none)
def alias_decode(parsed: Parsed, scope: Scope) -> Apply:
    """The URI behind `ip~port~proto`; empty for anything else.

    Example: $du = $(hdr(X-Alias){urialias.decode});
    """
    services = scope.services

    def apply(run: Run, value: Value) -> Value:
        if value is None or value is FAILED or value == "":
            return FAILED
        host, _, rest = to_str(value).partition("~")
        port, _, number = rest.partition("~")
        if not rest or not number:
            return ""
        proto = _NAMES.get(int(number)) if number.isdigit() and len(number) == 1 else None
        if proto is None:
            services.diag("ERROR", "unknown proto in received param", "core", run.at)
            services.diag("ERROR", f"error converting uri to alias [{to_str(value)}]", "pv", run.at)
            return ""
        return f"sip:{host}:{port}" + ("" if proto == "udp" else f";transport={proto}")

    return apply
