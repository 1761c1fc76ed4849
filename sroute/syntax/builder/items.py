"""Nodes of the top level: parameters, sockets, modules, flags, routes."""

from dataclasses import dataclass
from typing import Literal

from sroute.source.nearest import did_you_mean
from sroute.source.text import Span
from sroute.syntax import nodes
from sroute.syntax.builder.build import Build, Children, Rule, around, integer, text
from sroute.syntax.builder.expressions import Joined, checked_ipv4, host
from sroute.syntax.parameters import BY_NAME, EXPECTED, Parameter
from sroute.syntax.tokens import Token
from sroute.syntax.words import NUMBERS

CORE_PARAMETERS = ("iuid", "random_engine", "timer_sanity_check")
FORMS = {"ID": "id", "NUMBER": "number", "IPV6": "ipv6", "PROTO": "proto", "STAR": "proto", "TLS_WORD": "tls_method"}
Value = nodes.Literal | Joined | Token


def no_items(build: Build, c: Children) -> Children:
    """Nothing yet."""
    return []


def nothing(build: Build, c: Children) -> None:
    """A semicolon, or a directive that was done when it was read."""


def parameter(build: Build, c: Children) -> nodes.GlobalParam:
    """`name = value`."""
    name, value = c[0], c[2]
    declared = BY_NAME[name.text]
    if not fits(declared, value):
        build.error("SY020", f"{name.text} takes {EXPECTED[declared.type]}", value.span, _value_hint(declared, value))
    elif declared.values and str(written(value)).lower() not in map(str.lower, declared.values):
        build.error("SY020", f"{name.text} can't be {written(value)}", value.span, f"one of {', '.join(declared.values)}")
    elif declared.type == "ipv4" and isinstance(value, Joined):
        checked_ipv4(build, value)
    return nodes.GlobalParam(name.text, plain(value), around(name, value), name.span)


def written(value: Value) -> int | str:
    """A value as text or number."""
    return value.value if isinstance(value, nodes.Literal) else value.text


def plain(value: Value) -> nodes.Literal | nodes.Word:
    """A value as the tree has it: a number, a string or a bare word."""
    match value:
        case nodes.Literal():
            return value
        case Token():
            return nodes.Word(value.text, value.span)
        case Joined(written, (Token("NUMBER") as token,), span):
            return nodes.Literal(token.value, span) if written == token.text else nodes.Word(written, span)
    return nodes.Word(value.text, value.span)


def fits(parameter: Parameter, value: Value) -> bool:
    """Whether a value has the type of a parameter."""
    form = _form(value)
    match parameter.type:
        case "int":
            return form == "number"
        case "signed":
            return form in ("number", "negative")
        case "string":
            return form == "string"
        case "word":
            return form in ("string", "id")
        case "id":
            return form == "id"
        case "tos":
            return form in ("number", "id")
        case "int_or_string":
            return form in ("number", "string")
        case "host":
            return form in ("string", "id", "number", "ipv4", "ipv6", "host")
        case other:
            return form == other


def _form(value: Value) -> str:
    match value:
        case nodes.Literal(int()):
            return "negative"
        case nodes.Literal():
            return "string"
        case Token():
            return "none"
        case Joined(parts=(Token(kind),)):
            return FORMS.get(kind, "host")
    return "ipv4" if [token.kind for token in value.parts] == ["NUMBER", "DOT"] * 3 + ["NUMBER"] else "host"


def _value_hint(parameter: Parameter, value: Value) -> str | None:
    form = _form(value)
    if parameter.type in ("int", "signed") and form == "string":
        return "without quotes"
    if parameter.type in ("int", "signed") and isinstance(value, Joined) and value.text.lower() in NUMBERS:
        return f"in lower case: {value.text.lower()}"
    if parameter.type in ("int", "signed") and form == "id":
        return "no #!define gives it a value"
    if parameter.type == "string" and form in ("id", "host", "number"):
        return "in double quotes"
    return None


def kemi_callback(build: Build, c: Children) -> nodes.GlobalParam:
    """`kemi.reply_route_callback = "..."`."""
    name, value = f"kemi.{c[2].text}", c[4]
    if _form(value) != "string":
        build.error("SY020", f"{name} takes a string", value.span)
    return nodes.GlobalParam(name, plain(value), around(c[0], value), around(c[0], c[2]))


def coreparam(build: Build, c: Children) -> nodes.GlobalParam:
    """`coreparam[name] = value`."""
    if c[2].value not in CORE_PARAMETERS:
        build.error("SY020", f"there is no core parameter {c[2].value}", c[2].span, did_you_mean(str(c[2].value), CORE_PARAMETERS))
    return nodes.GlobalParam(f"coreparam[{c[2].value}]", plain(c[5]), around(c[0], c[5]), around(c[0], c[3]))


def cfgengine(build: Build, c: Children) -> nodes.GlobalParam:
    """`cfgengine "lua"`."""
    return nodes.GlobalParam("cfgengine", nodes.Literal(text(c[-1]), c[-1].span), around(c[0], c[-1]), c[0].span)


def custom_global(build: Build, c: Children) -> nodes.CustomGlobal:
    """`group.field = value`."""
    return nodes.CustomGlobal(c[0].text, c[2].text, None, c[4], None, around(c[0], c[4]))


def custom_global_described(build: Build, c: Children) -> nodes.CustomGlobal:
    """`group.field = value desc "text"`."""
    return nodes.CustomGlobal(c[0].text, c[2].text, None, c[4], text(c[6]), around(c[0], c[6]))


def custom_global_instance(build: Build, c: Children) -> nodes.CustomGlobal:
    """`group[1].field = value`."""
    return nodes.CustomGlobal(c[0].text, c[5].text, integer(c[2]), c[7], None, around(c[0], c[7]))


# ---------------------------------------------------------------- sockets


def listen(build: Build, c: Children) -> nodes.Listen:
    """`listen = ...`."""
    return nodes.Listen(tuple(c[2]), None, None, False, c[0].span.to(c[2][-1].span))


def alias(build: Build, c: Children) -> nodes.Alias:
    """`alias = ...`."""
    return nodes.Alias(tuple(c[2]), c[0].span.to(c[2][-1].span))


def listen_advertise(build: Build, c: Children) -> nodes.Listen:
    """`listen = ... advertise ...` with name and virtual."""
    advertised: nodes.SocketSpec = c[4]
    if not build.dialect.newer and advertised.proto is not None:
        build.error("SY001", "advertise takes host or host:port here", advertised.span, "a protocol in it came with a newer version")
    return _listen(c, (advertised.hosts[0], advertised.port), c[5:])


def listen_named(build: Build, c: Children) -> nodes.Listen:
    """`listen = ... name "x" virtual`."""
    return _listen(c, None, c[3:])


def _listen(c: Children, advertise: tuple[str, int | None] | None, rest: list[Token]) -> nodes.Listen:
    names = [text(token) for token in rest if token.kind == "STRING"]
    virtual = any(token.kind == "VIRTUAL" for token in rest)
    return nodes.Listen(tuple(c[2]), advertise, names[0] if names else None, virtual, around(c[0], c[-1]))


@dataclass(frozen=True, slots=True)
class SocketAttribute:
    """One line of a `socket = { ... }` block."""

    name: str
    value: nodes.SocketSpec | int | str
    span: Span


def socket_bind(build: Build, c: Children) -> SocketAttribute:
    """`bind = udp:127.0.0.1:5060`."""
    bound: nodes.SocketSpec = c[2]
    if '"' in bound.span.text() or "'" in bound.span.text():
        build.error("SY001", "bind takes an address without quotes", bound.span)
    return SocketAttribute("bind", bound, around(c[0], c[2]))


def socket_range(build: Build, c: Children) -> nodes.SocketSpec:
    """`address:5060-5070`: the first port stands for the range."""
    return nodes.SocketSpec(None, (host(build, c[0]),), integer(c[2]), around(c[0], c[4]), integer(c[4]))


def proto_socket_range(build: Build, c: Children) -> nodes.SocketSpec:
    """`udp:address:5060-5070`."""
    proto = None if c[0].kind == "STAR" else c[0].text.lower()
    return nodes.SocketSpec(proto, (host(build, c[2]),), integer(c[4]), around(c[0], c[6]), integer(c[6]))


def socket_advertise(build: Build, c: Children) -> SocketAttribute:
    """`advertise = host:port`."""
    if c[2].port is None:
        build.error("SY001", "advertise needs a port here", c[2].span)
    return SocketAttribute("advertise", c[2], around(c[0], c[2]))


def socket_word(build: Build, c: Children) -> SocketAttribute:
    """`name = "x"`, `agname`, `vrf`, `virtual`."""
    return SocketAttribute(c[0].text.lower(), c[2].value, around(c[0], c[2]))


def socket_block(build: Build, c: Children) -> nodes.Listen:
    """`socket = { bind = ... }`."""
    values = {attribute.name: attribute.value for attribute in c[3]}
    span = around(c[0], c[4])
    bind, advertise = values.get("bind"), values.get("advertise")
    if not isinstance(bind, nodes.SocketSpec):
        build.error("SY001", "this socket has no bind address", span, "bind = udp:127.0.0.1:5060")
    sockets = (bind,) if isinstance(bind, nodes.SocketSpec) else ()
    advertised = (advertise.hosts[0], advertise.port) if isinstance(advertise, nodes.SocketSpec) else None
    name = values.get("name")
    return nodes.Listen(sockets, advertised, str(name) if name is not None else None, bool(values.get("virtual")), span)


# ---------------------------------------------------------------- modules


def load_module(build: Build, c: Children) -> nodes.LoadModule:
    """`loadmodule "x.so"`."""
    return nodes.LoadModule(text(c[1]), "", c[0].text == "loadmodulex", around(c[0], c[1]))


def load_module_call(build: Build, c: Children) -> nodes.LoadModule:
    """`loadmodule("x.so", "options")`, not in 5.6."""
    span = around(c[0], c[-1])
    if not build.dialect.newer:
        build.error("SY001", f"{c[0].text} takes a string without parentheses", span, f'{c[0].text} "{c[2].value}"')
    return nodes.LoadModule(text(c[2]), text(c[4]) if len(c) > 4 else "", c[0].text == "loadmodulex", span)


def load_path(build: Build, c: Children) -> nodes.LoadPath:
    """`loadpath "dirs"`."""
    return nodes.LoadPath(text(c[-1]), around(c[0], c[-1]))


def modparam(build: Build, c: Children) -> nodes.ModParam:
    """`modparam("module", "name", value)`."""
    expand = c[0].text == "modparamx"
    if isinstance(c[6], nodes.Variable) and not expand:
        build.error("SY001", "modparam takes a number or a string", c[6].span, "modparamx expands variables")
    return nodes.ModParam(text(c[2]), text(c[4]), c[6], expand, around(c[0], c[7]), c[2].span, c[4].span)


# ---------------------------------------------------------------- flags


def flag(build: Build, c: Children) -> tuple[str, int | None, Span]:
    """A declared flag."""
    return flag_name(c[0]), None, c[0].span


def flag_numbered(build: Build, c: Children) -> tuple[str, int | None, Span]:
    """`NAME:5`."""
    return flag_name(c[0]), integer(c[2]), around(c[0], c[2])


def flag_name(name: nodes.Literal | Joined) -> str:
    """The name of a flag, bare or quoted."""
    return str(name.value) if isinstance(name, nodes.Literal) else name.text


def avpflags(build: Build, c: Children) -> Children:
    """The first of a list of AVP flags."""
    return [flag(build, c)]


def avpflags_more(build: Build, c: Children) -> Children:
    """One more AVP flag."""
    return [*c[0], flag(build, c[2:])]


def flags(build: Build, c: Children) -> nodes.FlagDeclaration:
    """`flags A, B:5` or `avpflags X`."""
    kind: Literal["flags", "avpflags"] = "avpflags" if c[0].kind == "AVPFLAGS" else "flags"
    for name, number, span in c[1]:
        if number is not None and not 0 <= number <= 31:
            build.error("MD023", f"there is no message flag {number}: {name} must be 0 to 31", span)
    return nodes.FlagDeclaration(kind, tuple(c[1]), c[0].span.to(c[1][-1][2]))


# ---------------------------------------------------------------- routes


def route_plain(build: Build, c: Children) -> nodes.Route:
    """A route block without a name."""
    return nodes.Route(_kind(c[0], None), None, c[1], around(c[0], c[1]), None)


def route_named(build: Build, c: Children) -> nodes.Route:
    """A route block with a name; the name 0 is none."""
    token: Token = c[2]
    name = str(token.value)
    kind = _kind(c[0], name)
    unnamed = name == "0" and kind in ("request", "reply")
    return nodes.Route(kind, None if unnamed else name, c[4], around(c[0], c[4]), token.span)


def _kind(keyword: Token, name: str | None) -> nodes.RouteKind:
    match keyword.text:
        case "route" | "request_route":
            return "request"
        case "reply_route":
            return "reply"
        case "onreply_route":
            return "reply" if name in (None, "0") else "onreply"
        case "failure_route":
            return "failure"
        case "branch_route":
            return "branch"
        case "onsend_route":
            return "onsend"
    return "event"


RULES: dict[str, Rule] = {
    function.__name__: function
    for function in (
        *(no_items, nothing, parameter, kemi_callback, coreparam, cfgengine),
        *(custom_global, custom_global_described, custom_global_instance, listen, alias, listen_advertise, listen_named),
        *(socket_bind, socket_range, proto_socket_range, socket_advertise, socket_word, socket_block),
        *(load_module, load_module_call, load_path, modparam, flag, flag_numbered, avpflags, avpflags_more, flags),
        *(route_plain, route_named),
    )
}
