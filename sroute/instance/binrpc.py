"""binrpc, the protocol of kamcmd and of Kamailio's module ctl: packets of typed values.

A packet is a magic byte, a byte of flags with the sizes of what follows, the length of the body, a cookie that the answer
repeats, and the body: values that each begin with a byte of size and type.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sroute.errors import SrouteError
from sroute.exports.rpc import Flat, RpcValue

MAGIC = 0xA1
REQUEST, REPLY, FAULT = 0, 1, 3
INT, STR, DOUBLE, STRUCT, ARRAY, NAME, BYTES = range(7)
MARK = 0x80
"""Set in the first byte of a value whose length stands in bytes of its own; of a structure: its end."""
MAX_BODY = 1 << 20
_THOUSANDTHS = 1000
_LEAST_HEADER = 4


class BinrpcError(SrouteError):
    """Bytes that are no binrpc request."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command with its arguments; cookie is what the answer has to repeat."""

    cookie: bytes
    command: str
    args: tuple[int | float | str, ...]


def take(data: bytes) -> tuple[Request, int] | None:
    """The request at the beginning of the data and its length; None while it is not complete.

    Raises BinrpcError.
    """
    if len(data) < 2:
        if data[:1] and data[0] != MAGIC:
            raise BinrpcError("not a binrpc packet")
        return None
    if data[0] != MAGIC or data[1] >> 4 != REQUEST:
        raise BinrpcError("not a binrpc request")
    size, cookie_size = (data[1] >> 2 & 3) + 1, (data[1] & 3) + 1
    start = 2 + size + cookie_size
    if len(data) < start:
        return None
    length = int.from_bytes(data[2 : 2 + size], "big")
    if length > MAX_BODY:
        raise BinrpcError("the body is too long")
    if len(data) < start + length:
        return None
    cookie = data[2 + size : start]
    values = _values(data[start : start + length])
    if not values or not isinstance(values[0], str):
        raise BinrpcError("the command is missing")
    return Request(cookie, values[0], tuple(values[1:])), start + length


def _values(body: bytes) -> list[int | float | str]:
    """Plain values; a request with structures is refused, no command takes them."""
    found: list[int | float | str] = []
    at = 0
    while at < len(body):
        first = body[at]
        at += 1
        kind, length = first & 0x0F, first >> 4 & 7
        if first & MARK:
            if not 1 <= length <= _LEAST_HEADER:
                raise BinrpcError("a structure in a request")
            length, at = int.from_bytes(body[at : at + length], "big"), at + length
        if at + length > len(body):
            raise BinrpcError("a value is cut off")
        found.append(_value(kind, body[at : at + length]))
        at += length
    return found


def _value(kind: int, data: bytes) -> int | float | str:
    if kind in (INT, DOUBLE):
        if len(data) > _LEAST_HEADER:
            raise BinrpcError("a number is too long")
        number = int.from_bytes(data, "big")
        number = number - (1 << 32) if number >> 31 else number
        return number if kind == INT else number / _THOUSANDTHS
    if kind == STR:
        return data.removesuffix(b"\0").decode("latin-1")
    raise BinrpcError(f"a value of type {kind} in a request")


def reply(cookie: bytes, result: RpcValue) -> bytes:
    """The answer to a request: the values of a list one after the other."""
    return _packet(REPLY, cookie, b"".join(_encode(value) for value in (result if isinstance(result, list) else [result])))


def fault(cookie: bytes, code: int, message: str) -> bytes:
    """The answer that is a fault."""
    return _packet(FAULT, cookie, _number(INT, code) + _text(STR, message))


def request(cookie: bytes, command: str, args: Iterable[int | str] = ()) -> bytes:
    """A request, as kamcmd sends it."""
    return _packet(REQUEST, cookie, _text(STR, command) + b"".join(_encode(arg) for arg in args))


def _packet(kind: int, cookie: bytes, body: bytes) -> bytes:
    length = len(body).to_bytes(max(1, (len(body).bit_length() + 7) // 8), "big")
    return bytes([MAGIC, kind << 4 | (len(length) - 1) << 2 | (len(cookie) - 1)]) + length + cookie + body


def _encode(value: RpcValue) -> bytes:
    if isinstance(value, dict):
        members = b"".join(_text(NAME, name) + _encode(member) for name, member in value.items())
        return bytes([STRUCT]) + members + bytes([STRUCT | MARK])
    if isinstance(value, Flat):
        members = b"".join(_text(NAME, name) + _encode(member) for item in value if isinstance(item, dict) for name, member in item.items())
        return bytes([STRUCT]) + members + bytes([STRUCT | MARK])
    if isinstance(value, list):
        return bytes([STRUCT]) + b"".join(map(_encode, value)) + bytes([STRUCT | MARK])
    if isinstance(value, float):
        return _number(DOUBLE, int(value * _THOUSANDTHS))
    if isinstance(value, int):
        return _number(INT, value)
    return b"" if value is None else _text(STR, value)


def _number(kind: int, number: int) -> bytes:
    number &= 0xFFFFFFFF
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes([len(data) << 4 | kind]) + data


def _text(kind: int, text: str) -> bytes:
    data = text.encode("latin-1", "replace") + b"\0"
    if len(data) < 8:
        return bytes([len(data) << 4 | kind]) + data
    length = len(data).to_bytes((len(data).bit_length() + 7) // 8, "big")
    return bytes([MARK | len(length) << 4 | kind]) + length + data
