"""Old-style conditions of the core and selects (language reference 5.6 and 5.4)."""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from sroute.interpreter.binder import Binder
from sroute.modules.pv.selects import resolve_select
from sroute.runtime.flow import EvalError
from sroute.runtime.regex import BadPattern, searcher
from sroute.runtime.run import Read, Run, Sending
from sroute.runtime.values import Value, to_str
from sroute.sip import uri as uris
from sroute.sip.endpoint import PROTOCOLS
from sroute.source.text import Span
from sroute.syntax.nodes import CoreCondition, Expression, Literal, Word

Bind = Callable[[Expression, Binder], Read]
Compare = Callable[[int, int], bool]
COMPARE: dict[str, Compare] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "ieq": lambda a, b: a == b,
    "ine": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
EQUAL = frozenset(["==", "eq", "ieq"])
_ADDRESS = re.compile(r"[0-9a-fA-F.:\[\]]+(?:/[0-9.]+)?\Z")


def bind(node: CoreCondition, b: Binder, bind_expression: Bind) -> Read:
    """The closure of a condition: 1, 0, or -1 on an error."""
    right = _right(node, b, bind_expression)
    if node.left == "myself":
        return _flag(node, lambda run: _own_uri(run.message.uri, b))
    if isinstance(node.right, Word) and node.right.text == "myself":
        return _flag(node, _is_myself(node.left, b))
    if node.left in TEXTS:
        return _text(node, TEXTS[node.left], right, b)
    if node.left in ADDRESSES:
        return _address(node, ADDRESSES[node.left], right, b)
    if node.left in ("proto", "snd_proto", "to_proto"):
        return _proto(node, right, b)
    return _number(node, right, b)


def _right(node: CoreCondition, b: Binder, bind_expression: Bind) -> Read:
    if isinstance(node.right, Word):
        text = node.right.text
        return lambda run: text
    return bind_expression(node.right, b)


def _flag(node: CoreCondition, test: Callable[[Run], bool]) -> Read:
    hit = 1 if node.op in EQUAL else 0
    return lambda run: hit if test(run) else 1 - hit


# ---------------------------------------------------------------- myself


def _is_myself(left: str, b: Binder) -> Callable[[Run], bool]:
    sockets = b.services.sockets
    if left in ("uri", "from_uri", "to_uri"):
        read = TEXTS[left]
        return lambda run: _own_uri(read(run), b)
    address = ADDRESSES[left]
    return lambda run: sockets.is_own(address(run))


def _own_uri(text: str | None, b: Binder) -> bool:
    uri = uris.parse(text) if text else None
    if uri is None or not uri.host:
        return False
    return b.services.is_myself(uri.host, uri.port_number or (5061 if uri.scheme == "sips" else 5060), "")


# ---------------------------------------------------------------- text


def _from_uri(run: Run) -> str | None:
    nameaddr = run.message.from_
    return nameaddr.uri if nameaddr else None


def _to_uri(run: Run) -> str | None:
    nameaddr = run.message.to
    return nameaddr.uri if nameaddr else None


def _uri_or_status(run: Run) -> str:
    message = run.message
    return message.uri if message.is_request else str(message.status)


TEXTS: dict[str, Callable[[Run], str | None]] = {
    "method": lambda run: run.message.method,
    "uri": _uri_or_status,
    "from_uri": _from_uri,
    "to_uri": _to_uri,
}


def _text(node: CoreCondition, left: Callable[[Run], str | None], right: Read, b: Binder) -> Read:
    if node.op == "=~":
        return _matches(node, lambda run: left(run) or "", right, b)
    hit = 1 if node.op in EQUAL else 0
    return lambda run: hit if (left(run) or "").lower() == to_str(right(run)).lower() else 1 - hit


def _matches(node: CoreCondition, left: Callable[[Run], str], right: Read, b: Binder) -> Read:
    def match(run: Run) -> int:
        pattern = to_str(right(run))
        try:
            return 1 if searcher(pattern)(left(run)) else 0
        except BadPattern:
            b.services.diag("ERROR", f'Bad regular expression "{pattern}"', span=node.span)
            return -1

    return match


# ---------------------------------------------------------------- addresses

ADDRESSES: dict[str, Callable[[Run], str]] = {
    "src_ip": lambda run: run.message.src.ip,
    "dst_ip": lambda run: run.message.dst.ip,
    "snd_ip": lambda run: _sending(run).source.ip,
    "to_ip": lambda run: _sending(run).destination.ip,
}


def _sending(run: Run) -> Sending:
    assert run.sending is not None
    return run.sending


def _address(node: CoreCondition, left: Callable[[Run], str], right: Read, b: Binder) -> Read:
    if node.op == "=~":
        return _matches(node, left, right, b)
    hit = 1 if node.op in EQUAL else 0
    if isinstance(node.right, Word | Literal):
        inside = network(node.right.text if isinstance(node.right, Word) else str(node.right.value))
        if inside is None:
            return lambda run: 1 - hit
        return lambda run: hit if inside(left(run)) else 1 - hit

    def compare(run: Run) -> int:
        inside = network(to_str(right(run)))
        return hit if inside is not None and inside(left(run)) else 1 - hit

    return compare


def network(text: str) -> Callable[[str], bool] | None:
    """The test whether an address is in `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or is that address; None when it is neither."""
    plain = text.replace("[", "").replace("]", "")
    if not _ADDRESS.match(plain):
        return None
    try:
        if "/" in plain:
            net = ip_network(plain, strict=False)
            return lambda ip: ip_address(ip) in net
        address = ip_address(plain)
    except ValueError:
        return None
    return lambda ip: ip_address(ip) == address


# ---------------------------------------------------------------- numbers, protocols

NUMBERS: dict[str, Callable[[Run], int]] = {
    "src_port": lambda run: run.message.src.port,
    "dst_port": lambda run: run.message.dst.port,
    "af": lambda run: 10 if run.message.src.is_ipv6 else 2,
    "msg:len": lambda run: len(run.message.text),
}


def _number(node: CoreCondition, right: Read, b: Binder) -> Read:
    left = NUMBERS.get(node.left) or _onsend_number(node, b)
    compare = COMPARE[node.op]

    def number(run: Run) -> int:
        try:
            value = right(run)
        except EvalError:
            return 0
        return 1 if isinstance(value, int) and compare(left(run), value) else 0

    return number


def _onsend_number(node: CoreCondition, b: Binder) -> Callable[[Run], int]:
    side, _, what = node.left.partition("_")

    def number(run: Run) -> int:
        if run.sending is None:
            b.services.diag("BUG", f"{node.left} is known in onsend_route only", span=node.span)
            return -1
        sending = _sending(run)
        endpoint = sending.source if side == "snd" else sending.destination
        return endpoint.port if what == "port" else 10 if endpoint.is_ipv6 else 2

    return number


def _proto(node: CoreCondition, right: Read, b: Binder) -> Read:
    hit = 1 if node.op in EQUAL else 0

    def proto(run: Run) -> int:
        value = right(run)
        wanted = value if isinstance(value, int) else PROTOCOLS.get(str(value).lower(), 0) if isinstance(node.right, Word) else None
        if wanted is None:
            b.services.diag("CRITICAL", "Invalid right operand", span=node.span)
            return 0
        if node.left == "proto":
            here = run.message.src
        elif run.sending is not None:
            here = run.sending.source if node.left == "snd_proto" else run.sending.destination
        else:
            b.services.diag("BUG", f"{node.left} is known in onsend_route only", span=node.span)
            return -1
        return hit if here.proto_id == wanted else 1 - hit

    return proto


# ---------------------------------------------------------------- selects


def select(parts: tuple[tuple[str, int | str | None], ...], b: Binder, span: Span) -> Read:
    """`@a.b`: text, empty where there is nothing."""
    read = select_or_null(parts, b, span)
    return lambda run: to_str(read(run))


def select_or_null(parts: tuple[tuple[str, int | str | None], ...], b: Binder, span: Span) -> Read:
    """`@a.b`: text or null; an unknown select says so each time, as Kamailio does."""
    factory = resolve_select(parts, b.names, late=True)
    if factory is not None:
        return factory(b.services)

    def unknown(run: Run) -> Value:
        b.services.diag("BUG", "Select structure has not been resolved", span=span)
        return None

    return unknown
