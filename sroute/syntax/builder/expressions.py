"""Nodes of expressions, calls and addresses."""

from dataclasses import dataclass

from sroute.source.text import Span
from sroute.syntax import nodes
from sroute.syntax.builder.build import Build, Children, Rule, around, integer, text
from sroute.syntax.pvparse import PvError, parse_pv
from sroute.syntax.pvspec import PvSpec
from sroute.syntax.tokens import Token, wrap32
from sroute.syntax.walk import below
from sroute.syntax.words import WORD_OPERATORS, canonical

MAX_ARGUMENTS = 6
OPERANDS = {"status": "uri", "to_proto": "snd_proto", "to_port": "to_port"}
PORT_MASK = 0xFFFF


@dataclass(frozen=True, slots=True)
class Joined:
    """A name or address of several tokens, as written without the blanks; numbers says that all parts are numbers."""

    text: str
    parts: tuple[Token, ...]
    span: Span


def number(build: Build, c: Children) -> nodes.Literal:
    """A number."""
    return nodes.Literal(integer(c[0]), c[0].span)


def negative(build: Build, c: Children) -> nodes.Literal:
    """A number with a minus sign, where no expression may stand."""
    return nodes.Literal(wrap32(-integer(c[1])), around(c[0], c[1]))


def string(build: Build, c: Children) -> nodes.Literal:
    """A string."""
    return nodes.Literal(text(c[0]), c[0].span)


def word(build: Build, c: Children) -> Joined:
    """A name, as the first part of a host or an address."""
    token: Token = c[0]
    return Joined(token.text, (token,), token.span)


def joined(build: Build, c: Children) -> Joined:
    """`a.b` or `a-b`."""
    before, sign, token = c
    return Joined(before.text + sign.text + token.text, (*before.parts, sign, token), around(before, token))


def variable(build: Build, c: Children) -> nodes.Variable:
    """A pseudo-variable."""
    token: Token = c[0]
    return nodes.Variable(specification(build, text(token), token.span), token.span, token.kind == "AVPVAR")


def specification(build: Build, written: str, span: Span) -> PvSpec:
    """The parts of a variable; a malformed one is reported and kept as a name without parts."""
    try:
        return parse_pv(written)
    except PvError as error:
        build.error("SY017" if "missing" in error.cause else "PV001", f"{written} is no variable: {error.cause}", span)
        return PvSpec(written, written.lstrip("$(").partition("(")[0])


def attribute(build: Build, c: Children) -> nodes.Variable:
    """`%name`, or `$name` of the config type SER: an AVP; `%f.name` is one of the SER attribute classes."""
    token: Token = c[0]
    return nodes.Variable(_attribute(token, None), token.span)


def attribute_index(build: Build, c: Children) -> nodes.Variable:
    """`%name[1]`."""
    return nodes.Variable(_attribute(c[0], c[2].value), around(c[0], c[3]))


def attribute_all(build: Build, c: Children) -> nodes.Variable:
    """`%name[]`."""
    return nodes.Variable(_attribute(c[0], "*"), around(c[0], c[2]))


def _attribute(token: Token, index: int | str | None) -> PvSpec:
    name = text(token)
    return PvSpec(token.text, "attr" if "." in name else "avp", name, index)


def unary(build: Build, c: Children) -> nodes.Unary:
    """A prefix operator."""
    op = text(c[0])
    return nodes.Unary(WORD_OPERATORS.get(op, op), c[1], around(c[0], c[1]))  # type: ignore[arg-type]


def binary(build: Build, c: Children) -> nodes.Binary:
    """A binary operator."""
    left, token, right = c
    op = text(token)
    return nodes.Binary(WORD_OPERATORS.get(op, op), left, right, around(left, right), token.span)  # type: ignore[arg-type]


def condition(build: Build, c: Children) -> nodes.CoreCondition:
    """A core condition: operand, operator, value."""
    operand, op, right = c
    if isinstance(right, Joined):
        right = nodes.Word(right.text, right.span)
    name = text(operand)
    if operand.kind == "IP_OPERAND" and static_type(right) == "int":
        build.error("SY001", f"{name} is compared with an address, not with a number", right.span)
    return nodes.CoreCondition(OPERANDS.get(name, name), op.value, right, around(operand, right), operand.span)


def static_type(expression: nodes.Expression | nodes.Word) -> str | None:
    """The type of a constant expression, "int" or "str"; None when it is not constant."""
    match expression:
        case nodes.Literal(int()):
            return "int"
        case nodes.Literal():
            return "str"
        case nodes.Unary(op, operand):
            inner = static_type(operand)
            return None if inner is None else "str" if op == "(str)" else "int"
        case nodes.Binary("+", left, right):
            types = static_type(left), static_type(right)
            return None if None in types else types[0]
        case nodes.Binary(_, left, right):
            return None if static_type(left) is None or static_type(right) is None else "int"
    return None


def word_condition(build: Build, c: Children) -> nodes.CoreCondition:
    """A core condition whose value is a bare word: `method == INVITE`, `uri == myself`, `proto == UDP`."""
    return condition(build, [c[0], c[1], nodes.Word(c[2].text, c[2].span)])


def myself_condition(build: Build, c: Children) -> nodes.CoreCondition:
    """`myself == uri`: the same as the other way round."""
    name = text(c[2])
    right = nodes.Word("myself", c[0].span)
    return nodes.CoreCondition(OPERANDS.get(name, name), c[1].value, right, around(c[0], c[2]), c[2].span)


def ipv4(build: Build, c: Children) -> Joined:
    """Four numbers with dots."""
    return checked_ipv4(build, Joined("".join(token.text for token in c), tuple(c), around(c[0], c[-1])))


def checked_ipv4(build: Build, address: Joined) -> Joined:
    """An IPv4 address whose parts are at most 255, with its numbers in decimal."""
    numbers = [integer(token) for token in address.parts[::2]]
    if any(not 0 <= part <= 255 for part in numbers):
        build.error("SY023", f"{address.text} is no IPv4 address: a part is over 255", address.span)
    return Joined(".".join(map(str, numbers)), address.parts, address.span)


def ipv6(build: Build, c: Children) -> Joined:
    """An IPv6 address."""
    return Joined(c[0].text, (c[0],), c[0].span)


def ipv6_bracketed(build: Build, c: Children) -> Joined:
    """An IPv6 address in brackets."""
    return Joined(c[1].text, (c[1],), around(c[0], c[2]))


def network_bits(build: Build, c: Children) -> Joined:
    """`10.0.0.0/8`."""
    bits = integer(c[2])
    if not 0 <= bits <= (128 if ":" in c[0].text else 32):
        build.error("SY023", f"/{bits} is no netmask of {c[0].text}", c[2].span)
    return Joined(f"{c[0].text}/{bits}", c[0].parts, around(c[0], c[2]))


def network_mask(build: Build, c: Children) -> Joined:
    """`10.0.0.0/255.0.0.0`."""
    return Joined(f"{c[0].text}/{c[2].text}", c[0].parts, around(c[0], c[2]))


def parenthesised(build: Build, c: Children) -> object:
    """Parentheses only group; the tree does not keep them."""
    return c[1]


def assign_expression(build: Build, c: Children) -> nodes.AssignExpression:
    """`($x = 1)`."""
    return nodes.AssignExpression(c[1], around(c[0], c[2]))


def block_expression(build: Build, c: Children) -> nodes.BlockExpression:
    """A block where a value may stand."""
    return nodes.BlockExpression(c[0], c[0].span)


def string_test(build: Build, c: Children) -> nodes.Unary:
    """`strlen(x)`, `strempty(x)`."""
    return nodes.Unary(c[0].value, c[2], around(c[0], c[3]))


def selval(build: Build, c: Children) -> nodes.Selval:
    """`selval(condition, then, other)`."""
    return nodes.Selval(c[2], c[4], c[6], around(c[0], c[7]))


def select(build: Build, c: Children) -> nodes.Select:
    """`@a.b[1]`."""
    parts = tuple((name, index) for name, index, _ in c[1])
    return nodes.Select(parts, c[0].span.to(c[1][-1][2]))


def select_name(build: Build, c: Children) -> tuple[str, int | str | None, Span]:
    """A part of a select."""
    return text(c[0]), None, c[0].span


def select_index(build: Build, c: Children) -> tuple[str, int | str | None, Span]:
    """A part of a select with an index."""
    return text(c[0]), c[2].value, around(c[0], c[3])


def assign(build: Build, c: Children) -> nodes.Assign:
    """`target = value`."""
    target, _, value = c
    return nodes.Assign(target, value, around(target, value))


def call(build: Build, c: Children) -> nodes.Call:
    """A call of a module's function."""
    name, arguments, last = c[0], c[2], c[3]
    if len(arguments) > MAX_ARGUMENTS:
        message = f"{name.text}() has {len(arguments)} arguments: more than {MAX_ARGUMENTS} are not possible"
        build.error("MD011", message, around(name, last))
    for argument in arguments:
        if not isinstance(argument, nodes.Literal | nodes.Variable):
            _check_argument(build, argument)
    return nodes.Call(name.text, tuple(arguments), around(name, last), name.span)


def _check_argument(build: Build, argument: nodes.Expression) -> None:
    """A module's function can't be called in the arguments of another one, however deep."""
    for node in below(argument):
        if isinstance(node, nodes.Call):
            message, hint = f"{node.name}() is called in the arguments of another function", "put its result into a $var first"
            build.error("SY001", message, node.span, hint)
            return


def call_empty(build: Build, c: Children) -> nodes.Call:
    """A call without arguments."""
    return nodes.Call(c[0].text, (), around(c[0], c[2]), c[0].span)


def route_call(build: Build, c: Children) -> nodes.RouteCall:
    """`route(NAME)`, `route(expression)`."""
    target = nodes.Literal(c[2].text, c[2].span) if isinstance(c[2], Token) else c[2]
    if isinstance(target, nodes.Literal) and isinstance(target.value, int):
        target = nodes.Literal(str(target.value), target.span)
    return nodes.RouteCall(target, around(c[0], c[3]))


def core_call(build: Build, c: Children) -> nodes.CoreCall:
    """A call of a function of the core's own grammar."""
    name: Token = c[0]
    args = tuple(_core_argument(child) for child in c[2:-1:2])
    called = nodes.CoreCall(canonical()[name.text], args, around(name, c[-1]), name.span)
    if name.kind == "FLAG_FUNCTION":
        _check_flag(build, args[0])
    return called


def _core_argument(child: object) -> nodes.Expression | nodes.Word:
    match child:
        case Token("NUMBER" | "STRING", value, _, span):
            return nodes.Literal(value, span)
        case Token(_, _, written, span):
            return nodes.Word(written, span)
        case Joined(written, _, span):
            return nodes.Word(written, span)
        case nodes.SocketSpec(span=span):
            return nodes.Word(span.text(), span)
    return child  # type: ignore[return-value]


def _check_flag(build: Build, flag: nodes.Expression | nodes.Word) -> None:
    if isinstance(flag, nodes.Literal) and isinstance(flag.value, int) and not 0 <= flag.value <= 31:
        build.error("MD023", f"there is no message flag {flag.value}: they are 0 to 31", flag.span)


# ---------------------------------------------------------------- addresses


def socket(build: Build, c: Children) -> nodes.SocketSpec:
    """An address."""
    return _socket(build, None, c[0], None, c[0].span)


def socket_port(build: Build, c: Children) -> nodes.SocketSpec:
    """`address:port`."""
    return _socket(build, None, c[0], c[2], around(c[0], c[2]))


def proto_socket(build: Build, c: Children) -> nodes.SocketSpec:
    """`proto:address`."""
    return _socket(build, c[0], c[2], None, around(c[0], c[2]))


def proto_socket_port(build: Build, c: Children) -> nodes.SocketSpec:
    """`proto:address:port`."""
    return _socket(build, c[0], c[2], c[4], around(c[0], c[4]))


def _socket(build: Build, proto: Token | None, address: object, port: Token | None, span: Span) -> nodes.SocketSpec:
    hosts = tuple(host(build, each) for each in address.hosts) if isinstance(address, Addresses) else (host(build, address),)
    name = None if proto is None or proto.kind == "STAR" else text(proto).lower()
    number = None if port is None else 0 if port.kind == "STAR" else integer(port) & PORT_MASK
    return nodes.SocketSpec(name, hosts, number, span)


@dataclass(frozen=True, slots=True)
class Addresses:
    """`(a, b)`: several addresses that are one socket."""

    hosts: tuple[object, ...]
    span: Span


def address_list(build: Build, c: Children) -> Addresses:
    """Addresses in parentheses."""
    return Addresses(tuple(c[1]), around(c[0], c[2]))


def host(build: Build, address: object) -> str:
    """The text of an address; an IPv4 one is checked."""
    if isinstance(address, nodes.Literal):
        return str(address.value)
    assert isinstance(address, Joined)
    parts = address.parts
    if len(parts) >= 3 and parts[0].kind == "NUMBER" and parts[1].kind == "DOT":
        if [token.kind for token in parts] == ["NUMBER", "DOT"] * 3 + ["NUMBER"]:
            return checked_ipv4(build, address).text
        build.error("SY023", f"{address.text} is no address: what begins with a number and a dot must be an IPv4 address", address.span)
    return address.text


# ---------------------------------------------------------------- lists


def items(build: Build, c: Children) -> Children:
    """The first of a list."""
    return c


def items_more(build: Build, c: Children) -> Children:
    """One more of a list, with or without a separator."""
    c[0].append(c[-1])
    return c[0]  # type: ignore[no-any-return]


def items_kept(build: Build, c: Children) -> Children:
    """A separator behind a list."""
    return c[0]  # type: ignore[no-any-return]


def items_after_comma(build: Build, c: Children) -> Children:
    """A first argument behind a stray comma, which Kamailio does not mind."""
    return [c[1]]


RULES: dict[str, Rule] = {
    "integer": number,
    **{
        function.__name__: function
        for function in (
            *(number, negative, string, word, joined, variable, attribute, attribute_index, attribute_all, unary, binary),
            *(condition, word_condition, myself_condition, ipv4, ipv6, ipv6_bracketed, network_bits, network_mask, parenthesised),
            *(assign_expression, block_expression, string_test, selval, select, select_name, select_index, assign),
            *(call, call_empty, route_call, core_call, socket, socket_port, proto_socket, proto_socket_port, address_list),
            *(items, items_more, items_kept, items_after_comma),
        )
    },
}
